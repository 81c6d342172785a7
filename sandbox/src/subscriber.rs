//! The people of a space.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

/// The profile of a subscriber in a mint request; later requests add to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) job_title: Option<String>,
    pub(crate) time_zone: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) company_name: Option<String>,
}

impl Profile {
    fn update(&mut self, newer: Self) {
        for (mine, newer) in [
            (&mut self.first_name, newer.first_name),
            (&mut self.last_name, newer.last_name),
            (&mut self.display_name, newer.display_name),
            (&mut self.job_title, newer.job_title),
            (&mut self.time_zone, newer.time_zone),
            (&mut self.country, newer.country),
            (&mut self.region, newer.region),
            (&mut self.company_name, newer.company_name),
        ] {
            *mine = newer.or(mine.take());
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Subscriber {
    pub(crate) id: Uuid,
    pub(crate) reference: String,
    pub(crate) address_id: Uuid,
    pub(crate) push_key: String,
    pub(crate) profile: Profile,
}

/// A Call Fabric address, as the REST interface shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Address {
    id: Uuid,
    resource_id: Uuid,
    pub(crate) name: String,
    display_name: String,
    r#type: &'static str,
    locked: bool,
    channels: Channels,
    created_at: &'static str,
}

#[derive(Debug, Serialize)]
struct Channels {
    audio: String,
    messaging: String,
}

impl Subscriber {
    fn new(reference: &str) -> Self {
        Self {
            id: Uuid::new_v4(),
            reference: reference.to_owned(),
            address_id: Uuid::new_v4(),
            push_key: Uuid::new_v4().simple().to_string(),
            profile: Profile::default(),
        }
    }

    /// The reference where it is an e-mail address, else one made of it.
    pub(crate) fn email(&self) -> String {
        if self.reference.contains('@') {
            self.reference.clone()
        } else {
            format!("{}@example.test", self.name())
        }
    }

    pub(crate) fn display_name(&self) -> String {
        self.profile.display_name.clone().unwrap_or_else(|| self.name())
    }

    pub(crate) fn address(&self) -> Address {
        let name = self.name();
        Address {
            id: self.address_id,
            resource_id: self.id,
            display_name: self.display_name(),
            r#type: "subscriber",
            locked: false,
            channels: Channels {
                audio: format!("/private/{name}?channel=audio"),
                messaging: format!("/private/{name}?channel=messaging"),
            },
            created_at: "2026-01-01T00:00:00Z",
            name,
        }
    }

    /// A name fit for an address: the reference up to an `@`, other characters as `-`.
    fn name(&self) -> String {
        let local = self.reference.split('@').next().unwrap_or_default();
        let fit = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        local.chars().map(fit).collect()
    }
}

/// Subscribers by reference. They outlive a reset, as the tokens made for them do.
#[derive(Debug, Default)]
pub(crate) struct Subscribers(HashMap<String, Subscriber>);

impl Subscribers {
    /// The subscriber of that reference, made where there is none, with `news` entered.
    pub(crate) fn upsert(&mut self, reference: &str, news: Profile) -> &Subscriber {
        let subscriber =
            self.0.entry(reference.to_owned()).or_insert_with(|| Subscriber::new(reference));
        subscriber.profile.update(news);
        subscriber
    }

    pub(crate) fn addresses(&self) -> impl Iterator<Item = Address> {
        self.0.values().map(Subscriber::address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_one_subscriber_and_keeps_its_profile() {
        let mut all = Subscribers::default();
        let named = Profile { display_name: Some("Ada".to_owned()), ..Profile::default() };
        let id = all.upsert("ada@example.test", named).id;
        let again = all.upsert("ada@example.test", Profile::default());
        assert_eq!((again.id, again.display_name().as_str()), (id, "Ada"));
        assert_eq!(again.email(), "ada@example.test");
        assert_ne!(all.upsert("bo b", Profile::default()).id, id);
        let address = serde_json::to_value(all.upsert("bo b", Profile::default()).address());
        assert_eq!(address.unwrap()["channels"]["audio"], "/private/bo-b?channel=audio");
    }
}
