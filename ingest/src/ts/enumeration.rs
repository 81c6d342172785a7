//! Enumerations, with the values that a compiler works out.

use std::collections::BTreeMap;

use credwire_schema::type_expr::TypeExpr;

use super::{DeclarationKind, DeclaredValue, GetSpan, Span, ast, module::ModuleReader};
use crate::nesting;

/// The value of a constant expression.
#[derive(Clone, Debug, PartialEq)]
enum Constant {
    Number(f64),
    Text(String),
}

impl ModuleReader<'_> {
    pub(super) fn enumeration(
        &mut self,
        declared: &ast::TSEnumDeclaration<'_>,
        exported: bool,
        span: Span,
    ) {
        let own = declared.id.name.as_str();
        let mut known: BTreeMap<String, Constant> = BTreeMap::new();
        let mut next = Some(0.0);
        let mut members = Vec::new();
        for member in &declared.body.members {
            let name = match &member.id {
                ast::TSEnumMemberName::Identifier(id) => id.name.to_string(),
                ast::TSEnumMemberName::String(text)
                | ast::TSEnumMemberName::ComputedString(text) => text.value.to_string(),
                ast::TSEnumMemberName::ComputedTemplateString(text) => self.types.text(text.span),
            };
            let value = match &member.initializer {
                Some(written) => Scope { own, known: &known }.constant(written, 0),
                None => next.map(Constant::Number),
            };
            next = match &value {
                Some(Constant::Number(number)) => Some(number + 1.0),
                Some(Constant::Text(_)) | None => None,
            };
            let ty = match (&value, &member.initializer) {
                (Some(Constant::Number(number)), _) => TypeExpr::NumberLiteral(number.to_string()),
                (Some(Constant::Text(text)), _) => TypeExpr::Literal(text.clone()),
                // What only a running program knows is kept as text.
                (None, Some(written)) => {
                    let text = self.types.text(written.span());
                    self.types.opaque.push(text.clone());
                    TypeExpr::Opaque(text)
                }
                (None, None) => TypeExpr::Number,
            };
            if let Some(value) = value {
                known.insert(name.clone(), value);
            }
            let comment = self.comment(member.span.start);
            members.push(DeclaredValue { name, value: ty, comment });
        }
        self.push(own, exported, span, DeclarationKind::Enum(members));
    }
}

/// What expressions of an enumeration can refer to.
struct Scope<'s> {
    own: &'s str,
    known: &'s BTreeMap<String, Constant>,
}

impl Scope<'_> {
    fn constant(&self, written: &ast::Expression<'_>, depth: usize) -> Option<Constant> {
        use ast::Expression as E;
        if depth > nesting::MAX_NESTING {
            return None;
        }
        let inner = |one| self.constant(one, depth + 1);
        match written {
            E::NumericLiteral(number) => Some(Constant::Number(number.value)),
            E::StringLiteral(text) => Some(Constant::Text(text.value.to_string())),
            E::TemplateLiteral(text) => {
                text.single_quasi().map(|text| Constant::Text(text.to_string()))
            }
            E::ParenthesizedExpression(one) => inner(&one.expression),
            E::Identifier(name) => self.known.get(name.name.as_str()).cloned(),
            E::StaticMemberExpression(member) => match &member.object {
                E::Identifier(object) if object.name == self.own => {
                    self.known.get(member.property.name.as_str()).cloned()
                }
                _ => None,
            },
            E::UnaryExpression(unary) => {
                let Constant::Number(number) = inner(&unary.argument)? else { return None };
                negated(unary.operator, number).map(Constant::Number)
            }
            E::BinaryExpression(binary) => match (inner(&binary.left)?, inner(&binary.right)?) {
                (Constant::Number(left), Constant::Number(right)) => {
                    combined(binary.operator, left, right).map(Constant::Number)
                }
                (Constant::Text(left), Constant::Text(right))
                    if binary.operator == ast::BinaryOperator::Addition =>
                {
                    Some(Constant::Text(left + &right))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

fn negated(operator: ast::UnaryOperator, number: f64) -> Option<f64> {
    use ast::UnaryOperator as U;
    match operator {
        U::UnaryNegation => Some(-number),
        U::UnaryPlus => Some(number),
        U::BitwiseNot => Some(f64::from(!bits(number))),
        _ => None,
    }
}

fn combined(operator: ast::BinaryOperator, left: f64, right: f64) -> Option<f64> {
    use ast::BinaryOperator as B;
    // A shift takes the low five bits of its right side.
    let shift = bits(right) as u32 & 31;
    let value = match operator {
        B::Addition => left + right,
        B::Subtraction => left - right,
        B::Multiplication => left * right,
        B::Division => left / right,
        B::Remainder => left % right,
        B::Exponential => left.powf(right),
        B::BitwiseOR => f64::from(bits(left) | bits(right)),
        B::BitwiseAnd => f64::from(bits(left) & bits(right)),
        B::BitwiseXOR => f64::from(bits(left) ^ bits(right)),
        B::ShiftLeft => f64::from(bits(left) << shift),
        B::ShiftRight => f64::from(bits(left) >> shift),
        B::ShiftRightZeroFill => f64::from(bits(left) as u32 >> shift),
        _ => return None,
    };
    value.is_finite().then_some(value)
}

/// The low 32 bits of a number, which is what the language's bitwise operators take.
fn bits(number: f64) -> i32 {
    if !number.is_finite() {
        return 0;
    }
    number.trunc().rem_euclid(4_294_967_296.0) as u32 as i32
}
