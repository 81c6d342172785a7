//! Every type that an item mentions.

use credwire_schema::type_expr::{TypeExpr, TypeParam};

use super::{AccessorFacts, ItemFacts, MemberFacts, SignatureFacts};

type Visit<'v> = dyn FnMut(&mut TypeExpr) + 'v;

impl ItemFacts {
    /// Calls `visit` for each type that is stated, not for the parts of it.
    pub(crate) fn each_type_mut(&mut self, visit: &mut Visit<'_>) {
        params(&mut self.type_params, visit);
        let heads = self.extends.iter_mut().chain(&mut self.implements);
        heads.chain(&mut self.extended_by).chain(&mut self.ty).for_each(&mut *visit);
        let inherited = self.inherited.iter_mut().flat_map(|base| &mut base.properties);
        let properties = self.properties.iter_mut().chain(inherited);
        properties.chain(&mut self.statics.properties).for_each(|one| member(one, visit));
        let accessors = self.accessors.iter_mut().chain(&mut self.statics.accessors);
        accessors.for_each(|one| accessor(one, visit));
        let methods = self.methods.iter_mut().chain(&mut self.statics.methods);
        let signatures = methods.chain(&mut self.constructors).chain(&mut self.calls);
        signatures.for_each(|one| signature(one, visit));
        for index in &mut self.index {
            visit(&mut index.key);
            visit(&mut index.value);
        }
    }
}

fn params(params: &mut [TypeParam], visit: &mut Visit<'_>) {
    for param in params {
        param.extends.iter_mut().chain(&mut param.default).for_each(&mut *visit);
    }
}

fn member(member: &mut MemberFacts, visit: &mut Visit<'_>) {
    member.ty.iter_mut().for_each(&mut *visit);
    member.fields.iter_mut().for_each(|field| self::member(field, visit));
}

fn accessor(accessor: &mut AccessorFacts, visit: &mut Visit<'_>) {
    accessor.get.iter_mut().for_each(&mut *visit);
    accessor.set.iter_mut().for_each(|one| member(one, visit));
}

fn signature(signature: &mut SignatureFacts, visit: &mut Visit<'_>) {
    params(&mut signature.type_params, visit);
    signature.params.iter_mut().for_each(|one| member(one, visit));
    signature.returns.iter_mut().for_each(&mut *visit);
}
