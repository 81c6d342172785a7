//! What the macros of a facade make, and the macros of credwire by the facade's path.

facade::login!(Backend, Login, "https://example.com");

#[derive(facade::credwire::Validate)]
#[validate(crate = "facade::credwire")]
pub struct Order {
    #[validate(range(1..=9), custom(|count| count % 2 == 1))]
    pub count: u8,
    #[validate(nested)]
    pub login: Option<Login>,
}

pub fn backend() -> impl facade::credwire::CredentialProvider {
    Backend { session: "made-up".into() }
}
