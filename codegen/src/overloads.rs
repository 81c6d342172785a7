//! Overloads as one signature: whatever some overload can do without is optional.

use credwire_schema::{
    model::{Method, Property},
    type_expr::TypeExpr,
};

use crate::ty::Inexpressible;

/// The parameters and the result that all of `overloads` have in common.
///
/// # Errors
/// Overloads whose parameters of one name, or whose results, differ in type, or whose parameters
/// come in another order.
pub(crate) fn merged(overloads: &[&Method]) -> Result<(Vec<Property>, TypeExpr), Inexpressible> {
    let unlike = || Inexpressible("overloads that differ in type".to_owned());
    let longest = overloads.iter().rev().max_by_key(|method| method.params.len());
    let longest = longest.ok_or_else(unlike)?;
    let mut params = longest.params.clone();
    for overload in overloads {
        if overload.returns != longest.returns || overload.type_params != longest.type_params {
            return Err(unlike());
        }
        let mut rest = params.iter().map(|param| (&param.name, &param.ty));
        // Each parameter is found behind the one before it.
        for param in &overload.params {
            if !rest.any(|(name, ty)| *name == param.name && *ty == param.ty) {
                return Err(unlike());
            }
        }
        for param in &mut params {
            let same = overload.params.iter().find(|other| other.name == param.name);
            param.optional |= same.is_none_or(|same| same.optional);
        }
    }
    Ok((params, longest.returns.clone()))
}
