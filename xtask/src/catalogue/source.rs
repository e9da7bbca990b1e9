//! The enumerations of the crate, with the words that stand at their variants.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, ExprLit, Ident, ImplItem, Item, Lit, LitInt, LitStr, Meta, Token, Type, braced};

/// An enumeration, or a struct, which has one variant of no name.
pub struct Enumeration {
    pub name: String,
    pub variants: Vec<Variant>,
    /// Whether it has a sentence for people.
    pub has_text: bool,
}

pub struct Variant {
    pub name: String,
    pub words: String,
}

impl Enumeration {
    /// How a variant is called.
    pub fn full_name(&self, variant: &Variant) -> String {
        if variant.name.is_empty() { self.name.clone() } else { format!("{}::{}", self.name, variant.name) }
    }
}

/// The words at a variant, by its full name.
pub fn words<'e>(enumerations: &'e [Enumeration], name: &str) -> Result<&'e str> {
    let variants = enumerations.iter().flat_map(|one| one.variants.iter().map(move |variant| (one, variant)));
    let found = variants.into_iter().find(|(one, variant)| one.full_name(variant) == name);
    Ok(&found.with_context(|| format!("there is no {name}"))?.1.words)
}

/// Reads all files of a folder.
pub fn read_below(folder: &Path) -> Result<Vec<Enumeration>> {
    let mut all = Vec::new();
    let mut paths: Vec<_> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    for path in paths {
        let place = || path.display().to_string();
        if path.is_dir() {
            all.extend(read_below(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.extend(read(&fs::read_to_string(&path)?).with_context(place)?);
        }
    }
    Ok(all)
}

/// Reads one file.
pub fn read(source: &str) -> Result<Vec<Enumeration>> {
    let items = syn::parse_file(source)?.items;
    let mut all: Vec<Enumeration> = Vec::new();
    let mut with_text = Vec::new();
    for item in &items {
        match item {
            Item::Macro(item) if item.mac.path.is_ident("numbered") => {
                let Numbered(enumeration) = syn::parse2(item.mac.tokens.clone())?;
                all.push(enumeration);
            }
            Item::Enum(item) => {
                let variants = item.variants.iter();
                let variants = variants.map(|each| variant(&each.ident, &each.attrs)).collect();
                all.push(Enumeration { name: item.ident.to_string(), variants, has_text: false });
            }
            Item::Struct(item) => {
                let variants = vec![Variant { name: String::new(), words: words_of(&item.attrs) }];
                all.push(Enumeration { name: item.ident.to_string(), variants, has_text: false });
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let is_text = |item: &ImplItem| {
                    matches!(item, ImplItem::Fn(function) if function.sig.ident == "text"
                        && function.sig.inputs.len() == 1 && function.sig.constness.is_some())
                };
                if let (true, Type::Path(path)) = (item.items.iter().any(is_text), &*item.self_ty) {
                    with_text.extend(path.path.segments.last().map(|segment| segment.ident.to_string()));
                }
            }
            _ => {}
        }
    }
    for one in all.iter_mut().filter(|one| with_text.contains(&one.name)) {
        one.has_text = true;
    }
    Ok(all)
}

fn variant(name: &Ident, attributes: &[Attribute]) -> Variant {
    Variant { name: name.to_string(), words: words_of(attributes) }
}

/// The first paragraph: what follows it is more than a cause.
fn words_of(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    let paragraph: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    without_links(&paragraph.join(" "))
}

/// `[text](target)` and `[`text`]` as the text alone.
fn without_links(words: &str) -> String {
    let mut plain = String::new();
    let mut rest = words;
    while let Some((before, inside, after)) = link(rest) {
        plain.push_str(before);
        plain.push_str(inside);
        rest = match after.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, after)) => after,
            None => after,
        };
    }
    plain + rest
}

/// The first link: what stands before it, in its brackets, and behind those.
fn link(words: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = words.split_once('[')?;
    let (inside, after) = rest.split_once(']')?;
    (after.starts_with('(') || inside.starts_with('`')).then_some((before, inside, after))
}

/// What `numbered!` takes.
struct Numbered(Enumeration);

impl Parse for Numbered {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![enum]>()?;
        let name: Ident = input.parse()?;
        let body;
        braced!(body in input);
        let mut variants = Vec::new();
        while !body.is_empty() {
            let attributes = body.call(Attribute::parse_outer)?;
            variants.push(variant(&body.parse()?, &attributes));
            if body.peek(syn::token::Brace) {
                let fields;
                braced!(fields in body);
                fields.parse::<proc_macro2::TokenStream>()?;
            }
            body.parse::<Token![=]>()?;
            body.parse::<LitInt>()?;
            body.parse::<Token![,]>()?;
            body.parse::<Expr>()?;
            body.parse::<Token![;]>()?;
        }
        Ok(Numbered(Enumeration { name: name.to_string(), variants, has_text: true }))
    }
}

/// The texts of the statuses that C alone has, by their names: from `statuses!` in the C package.
pub fn texts_of_c(source: &str) -> Result<Vec<(String, String)>> {
    let items = syn::parse_file(source)?.items;
    let tokens = items.iter().find_map(|item| match item {
        Item::Macro(item) if item.mac.path.is_ident("statuses") => Some(item.mac.tokens.clone()),
        _ => None,
    });
    let Ours(texts) = syn::parse2(tokens.context("there is no statuses!")?)?;
    Ok(texts)
}

struct Ours(Vec<(String, String)>);

impl Parse for Ours {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Ident>()?;
        input.parse::<Token![:]>()?;
        let body;
        braced!(body in input);
        let mut texts = Vec::new();
        while !body.is_empty() {
            let name: Ident = body.parse()?;
            body.parse::<Token![:]>()?;
            let text: LitStr = body.parse()?;
            body.parse::<Token![,]>()?;
            texts.push((name.to_string(), text.value()));
        }
        input.parse::<proc_macro2::TokenStream>()?;
        Ok(Ours(texts))
    }
}

#[cfg(test)]
mod tests {
    use super::{read, texts_of_c, without_links, words};

    #[test]
    fn variants_have_the_words_of_their_first_paragraph() {
        let source = "numbered! {\n/// All.\n pub enum A {\n/// The first\n/// of two,\n///\n/// at length.\n One = 1, TEXT;\n \
                      #[x] Two { /// much\n needed: usize } = 2, \"b\"; } }\n\
                      /// One by itself.\npub struct Alone;\n";
        let all = read(source).unwrap();
        assert_eq!(words(&all, "A::One").unwrap(), "The first of two,");
        assert_eq!((words(&all, "A::Two").unwrap(), words(&all, "Alone").unwrap()), ("", "One by itself."));
        assert!(words(&all, "A::Three").is_err() && words(&all, "B::One").is_err());
        assert!(all[0].has_text && !all[1].has_text);
    }

    #[test]
    fn links_are_their_texts() {
        let links = "[change](Session::x) it by [`y`] or [`z`](crate::z), [IPv6]";
        assert_eq!(without_links(links), "change it by `y` or `z`, [IPv6]");
    }

    #[test]
    fn statuses_of_c_alone_have_their_texts() {
        let source = "statuses! {\n ours: { CREATIO_OK: \"done\", }\n of the core: { CREATIO_ERR_X: Y::Z, }\n}\n";
        assert_eq!(texts_of_c(source).unwrap(), [("CREATIO_OK".to_owned(), "done".to_owned())]);
        assert!(texts_of_c("fn nothing() {}").is_err());
    }
}
