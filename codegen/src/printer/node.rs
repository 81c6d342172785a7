//! The layout tree.

/// A part of the text with its width on one line, where it can be on one.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) width: Option<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// Text that is not broken. Literals may have lines of their own.
    Text(String),
    /// Arguments of a macro with a syntax of its own, which are as long as they are.
    Verbatim(String),
    /// Parts without space between them.
    Seq(Vec<Node>),
    List(Box<List>),
    Chain(Box<Chain>),
    /// Operands with one operator between them, all of the same precedence.
    Binary {
        operator: &'static str,
        operands: Vec<Node>,
    },
    /// `left = right`, `left: right` and the like: the right side may go to the next line.
    Assign {
        left: Box<Node>,
        operator: String,
        right: Box<Node>,
    },
    /// Bounds with `+` between them; those of items are indented.
    Bounds {
        bounds: Vec<Node>,
        indented: bool,
    },
    /// Alternatives of a pattern.
    Alternatives(Vec<Node>),
    Block(Block),
    /// Branches with conditions, and the last block.
    If {
        branches: Vec<(Node, Block)>,
        last: Option<Block>,
    },
    /// A head such as `match x`, and what is in the braces.
    Match {
        subject: Box<Node>,
        arms: Vec<Arm>,
    },
    Loop {
        head: Box<Node>,
        body: Block,
    },
    Closure {
        head: String,
        body: Box<Node>,
        returns: bool,
    },
    LetElse {
        binding: Box<Node>,
        block: Block,
    },
    /// An item among statements.
    Item(Box<Item>),
}

/// What a list is, which decides how it is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Arguments, arrays and tuples of expressions: the last one may run over.
    Values,
    /// Values with a comma at the end that stays: of a tuple with one member, or of a macro.
    Ended,
    /// Members of a struct expression.
    Members,
    /// Members of a struct pattern.
    Fields,
    /// Generic parameters and arguments, types and patterns.
    Types,
    /// Arguments of attributes and macros: no comma is added.
    Macro,
    /// The traits of `derive`.
    Derive,
    /// What `use` names.
    Use,
    /// Members and items of JSON: no comma is added.
    Json,
}

/// `head(item, item)`.
#[derive(Debug)]
pub(super) struct List {
    pub(super) head: String,
    pub(super) open: &'static str,
    pub(super) items: Vec<Node>,
    pub(super) close: &'static str,
    pub(super) form: Form,
}

/// A method chain.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) parent: Node,
    pub(super) links: Vec<Link>,
}

#[derive(Debug)]
pub(super) struct Link {
    /// `.name` or `.name(..)`.
    pub(super) node: Node,
    /// How many `?` come after it.
    pub(super) tries: usize,
}

/// `prefix { statements }`.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) prefix: String,
    pub(super) statements: Vec<Statement>,
}

#[derive(Debug)]
pub(super) struct Statement {
    pub(super) attributes: Vec<Node>,
    pub(super) node: Node,
    pub(super) semicolon: bool,
}

#[derive(Debug)]
pub(super) struct Arm {
    pub(super) attributes: Vec<Node>,
    pub(super) pattern: Node,
    pub(super) guard: Option<Node>,
    pub(super) body: Node,
}

/// An item, which always has lines of its own.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) attributes: Vec<Node>,
    /// Items of one kind that are one line each have no empty line between them.
    pub(super) keyword: &'static str,
    pub(super) body: Body,
}

#[derive(Debug)]
pub(super) enum Body {
    /// `use`, `const`, `type` and other items without braces.
    Line {
        node: Node,
        clauses: Vec<Node>,
        end: &'static str,
    },
    Function(Function),
    Braced {
        head: Node,
        clauses: Vec<Node>,
        inner: Vec<Node>,
        members: Members,
    },
}

#[derive(Debug)]
pub(super) enum Members {
    Items(Vec<Item>),
    Fields(Vec<Field>),
}

/// A function up to its block.
#[derive(Debug)]
pub(super) struct Function {
    /// From the visibility to the name.
    pub(super) head: String,
    pub(super) generics: Option<List>,
    pub(super) parameters: Vec<Node>,
    /// `-> T`.
    pub(super) output: Option<Node>,
    pub(super) clauses: Vec<Node>,
    pub(super) block: Option<Block>,
}

/// A field, or a variant with its fields.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) attributes: Vec<Node>,
    pub(super) node: Node,
    pub(super) fields: Option<Vec<Field>>,
}

/// What is in a file, apart from the header.
#[derive(Debug)]
pub(super) struct File {
    pub(super) inner: Vec<Node>,
    pub(super) items: Vec<Item>,
}

/// The width of text without line breaks.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

impl Node {
    fn new(width: Option<usize>, kind: Kind) -> Self {
        Self { width, kind }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new((!text.contains('\n')).then(|| columns(&text)), Kind::Text(text))
    }

    pub(super) fn verbatim(text: String) -> Self {
        Self::new(Some(columns(&text)), Kind::Verbatim(text))
    }

    pub(super) fn seq(nodes: Vec<Self>) -> Self {
        Self::new(nodes.iter().map(|node| node.width).sum(), Kind::Seq(nodes))
    }

    pub(super) fn list(list: List) -> Self {
        Self::new(list.width(), Kind::List(Box::new(list)))
    }

    pub(super) fn chain(parent: Self, links: Vec<Link>) -> Self {
        let width = links
            .iter()
            .try_fold(parent.width, |sum, link| Some(Some(sum? + link.node.width? + link.tries)));
        Self::new(width.flatten(), Kind::Chain(Box::new(Chain { parent, links })))
    }

    pub(super) fn binary(left: Self, operator: &'static str, right: Self) -> Self {
        let operands = match left.kind {
            Kind::Binary { operator: same, mut operands } if same == operator => {
                operands.push(right);
                operands
            }
            _ => vec![left, right],
        };
        let bindings = operands.iter().filter(|operand| operand.is_let()).count();
        let one_line = match operands.as_slice() {
            _ if bindings == 0 => true,
            [first, second] => second.is_let() && first.core().is_name(),
            _ => false,
        };
        let width = one_line.then(|| separated(&operands, operator.len() + 2)).flatten();
        Self::new(width, Kind::Binary { operator, operands })
    }

    pub(super) fn cast(value: Self, target: Self) -> Self {
        let operands = vec![value, target];
        let width = separated(&operands, 4);
        Self::new(width, Kind::Binary { operator: "as", operands })
    }

    pub(super) fn assign(left: Self, operator: impl Into<String>, right: Self) -> Self {
        let operator = operator.into();
        let width = left.width.zip(right.width);
        let width = width.map(|(left, right)| left + operator.len() + 1 + right);
        let (left, right) = (Box::new(left), Box::new(right));
        Self::new(width, Kind::Assign { left, operator, right })
    }

    pub(super) fn bounds(bounds: Vec<Self>, indented: bool) -> Self {
        Self::new(separated(&bounds, 3), Kind::Bounds { bounds, indented })
    }

    pub(super) fn alternatives(nodes: Vec<Self>) -> Self {
        Self::new(separated(&nodes, 3), Kind::Alternatives(nodes))
    }

    pub(super) fn block(block: Block) -> Self {
        Self::new(block.width(), Kind::Block(block))
    }

    pub(super) fn r#if(branches: Vec<(Self, Block)>, last: Option<Block>) -> Self {
        let width = match (branches.as_slice(), &last) {
            ([(condition, block)], Some(last)) => {
                let blocks = block.simple().and(block.width()).zip(last.simple().and(last.width()));
                let width = condition.width.zip(blocks);
                width.map(|(condition, (block, last))| 3 + condition + 1 + block + 6 + last)
            }
            _ => None,
        };
        Self::new(width, Kind::If { branches, last })
    }

    pub(super) fn r#match(subject: Self, arms: Vec<Arm>) -> Self {
        let width = subject.width.filter(|_| arms.is_empty()).map(|width| 6 + width + 3);
        Self::new(width, Kind::Match { subject: Box::new(subject), arms })
    }

    pub(super) fn r#loop(head: Self, body: Block) -> Self {
        let width = head.width.filter(|_| body.statements.is_empty()).map(|width| width + 3);
        Self::new(width, Kind::Loop { head: Box::new(head), body })
    }

    pub(super) fn closure(head: String, body: Self, returns: bool) -> Self {
        let width = match &body.kind {
            // Braces that have to be there are on lines of their own.
            Kind::Block(block)
                if !returns && !block.statements.is_empty() && block.prefix.is_empty() =>
            {
                None
            }
            _ => body.width.map(|width| columns(&head) + 1 + width),
        };
        Self::new(width, Kind::Closure { head, body: Box::new(body), returns })
    }

    pub(super) fn let_else(binding: Self, block: Block) -> Self {
        let width = block.simple().and(block.width()).zip(binding.width);
        let width = width.map(|(block, binding)| binding + 6 + block);
        Self::new(width, Kind::LetElse { binding: Box::new(binding), block })
    }

    pub(super) fn item(item: Item) -> Self {
        Self::new(None, Kind::Item(Box::new(item)))
    }

    fn is_let(&self) -> bool {
        matches!(&self.kind, Kind::Assign { left, .. }
            if matches!(&left.kind, Kind::Seq(parts)
                if matches!(parts.first(), Some(Node { kind: Kind::Text(text), .. }) if text == "let ")))
    }

    fn is_name(&self) -> bool {
        matches!(&self.kind, Kind::Text(text) if text.chars().all(|c| c.is_alphanumeric() || c == '_'))
    }

    /// What `rustfmt` counts too much of some nodes on one line. The `?` at the end of a chain
    /// counts three times.
    pub(super) fn slack(&self) -> usize {
        match &self.kind {
            Kind::Chain(chain) => match chain.links.last() {
                Some(Link { node: Self { kind: Kind::List(_), .. }, tries }) => 2 * tries,
                Some(link) => link.tries,
                None => 0,
            },
            Kind::Assign { right, .. } => right.slack(),
            Kind::Seq(parts) if self.is_return() => 1 + parts.last().map_or(0, Self::slack),
            // The last part may only close what is before it.
            Kind::Seq(parts) => parts.iter().rev().take(2).map(Self::slack).max().unwrap_or(0),
            Kind::List(list) => match list.form {
                Form::Use => 2,
                Form::Derive => 4,
                _ => 0,
            },
            Kind::Binary { operands, .. } => operands.last().map_or(0, Self::slack),
            Kind::Closure { body, .. } => body.slack(),
            _ => 0,
        }
    }

    pub(super) fn is_macro(&self) -> bool {
        match &self.kind {
            Kind::List(list) => list.head.ends_with('!') && !list.items.is_empty(),
            Kind::Verbatim(_) => true,
            _ => false,
        }
    }

    pub(super) fn is_return(&self) -> bool {
        matches!(&self.kind, Kind::Seq(parts)
            if matches!(parts.first(), Some(Self { kind: Kind::Text(text), .. }) if text == "return "))
    }

    /// Whether it is a macro call that needs no semicolon.
    pub(super) fn is_braced_macro(&self) -> bool {
        matches!(&self.kind, Kind::Verbatim(text) if text.ends_with(" }"))
    }

    /// The node without `&`, `*`, `?` and the like around it.
    pub(super) fn core(&self) -> &Self {
        let parts = match &self.kind {
            Kind::Seq(parts) => parts,
            Kind::Binary { operator: "as", operands } => {
                return operands.first().map_or(self, Self::core);
            }
            _ => return self,
        };
        match parts.as_slice() {
            [Self { kind: Kind::Text(prefix), .. }, inner]
                if matches!(prefix.as_str(), "&" | "&mut " | "*" | "-" | "!") =>
            {
                inner.core()
            }
            [inner, Self { kind: Kind::Text(suffix), .. }] if suffix == "?" => inner.core(),
            _ => self,
        }
    }
}

/// The width of nodes with a separator of `gap` columns between them.
pub(super) fn separated(nodes: &[Node], gap: usize) -> Option<usize> {
    let sum: Option<usize> = nodes.iter().map(|node| node.width).sum();
    sum.map(|sum| sum + gap * nodes.len().saturating_sub(1))
}

impl List {
    /// Whether there are spaces inside of the braces.
    pub(super) fn padded(&self) -> bool {
        !self.items.is_empty()
            && match self.form {
                Form::Members | Form::Fields => true,
                Form::Json => self.open == "{",
                _ => false,
            }
    }

    fn width(&self) -> Option<usize> {
        let nested = |node: &Node| matches!(&node.kind, Kind::List(list) if list.form == Form::Use);
        if self.form == Form::Use && self.items.iter().any(nested) {
            return None;
        }
        let extra = if self.padded() { 2 } else { usize::from(self.form == Form::Ended) };
        separated(&self.items, 2)
            .map(|items| columns(&self.head) + self.open.len() + items + self.close.len() + extra)
    }
}

impl Block {
    /// The expression that is all that is in the block.
    pub(super) fn simple(&self) -> Option<&Node> {
        match self.statements.as_slice() {
            [Statement { attributes, node, semicolon: false }]
                if attributes.is_empty() && !matches!(node.kind, Kind::Item(_)) =>
            {
                Some(node)
            }
            _ => None,
        }
    }

    pub(super) fn width(&self) -> Option<usize> {
        if self.statements.is_empty() {
            return Some(columns(&self.prefix) + 2);
        }
        self.simple()?.width.map(|width| columns(&self.prefix) + 4 + width)
    }
}
