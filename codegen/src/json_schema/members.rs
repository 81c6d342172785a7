//! The members of an object of a schema.

/// Members in the order of their names. Schemas are made of very many objects of one or two members, for which a tree
/// takes many times their size.
pub(crate) struct Members<T>(Vec<(String, T)>);

impl<T> Default for Members<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Members<T> {
    pub(crate) fn insert(&mut self, name: impl Into<String>, value: T) {
        let name = name.into();
        match self.0.binary_search_by(|(known, _)| known.cmp(&name)) {
            Ok(known) => {
                if let Some((_, held)) = self.0.get_mut(known) {
                    *held = value;
                }
            }
            Err(next) => self.0.insert(next, (name, value)),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl<T> FromIterator<(String, T)> for Members<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(all: I) -> Self {
        let mut members = Self::default();
        all.into_iter().for_each(|(name, value)| members.insert(name, value));
        // Held until the documents are written.
        members.0.shrink_to_fit();
        members
    }
}

impl<T> IntoIterator for Members<T> {
    type Item = (String, T);
    type IntoIter = std::vec::IntoIter<(String, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
