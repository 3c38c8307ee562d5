//! Rust as tokens, so that comments and strings are not taken for code.

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A token, its line counted from 1, and whether it stands in code that only tests compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
    pub(crate) in_test: bool,
}

/// The tokens of a file; brackets are tokens of their own.
pub(crate) fn tokens(source: &str) -> Result<Vec<Token>> {
    let stream: TokenStream = source.parse().map_err(|error| anyhow!("{error}"))?;
    let mut tokens = Vec::new();
    flatten(stream, false, &mut tokens);
    Ok(tokens)
}

/// The texts of a pattern's tokens: `Instant::now` → `Instant`, `:`, `:`, `now`.
pub(crate) fn pattern(text: &str) -> Result<Vec<String>> {
    Ok(tokens(text)?.into_iter().map(|token| token.text).collect())
}

/// Where `pattern` begins in `tokens`.
pub(crate) fn occurrences<'a>(tokens: &'a [Token], pattern: &'a [String]) -> impl Iterator<Item = &'a Token> {
    tokens
        .windows(pattern.len())
        .filter(move |window| window.iter().map(|token| &token.text).eq(pattern))
        .filter_map(<[Token]>::first)
}

fn flatten(stream: TokenStream, in_test: bool, tokens: &mut Vec<Token>) {
    let mut after_hash = false;
    // An attribute like `#[cfg(test)]` was seen; the item's body is still to come.
    let mut test_item = false;
    for tree in stream {
        let line = tree.span().start().line;
        let hash = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '#');
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                let attribute = after_hash && group.delimiter() == Delimiter::Bracket;
                test_item |= attribute && is_test_attribute(&group.stream().to_string());
                let body = group.delimiter() == Delimiter::Brace;
                push(tokens, open, line, in_test || test_item);
                flatten(group.stream(), in_test || test_item, tokens);
                push(tokens, close, group.span_close().start().line, in_test || test_item);
                test_item &= !body;
            }
            other => {
                let text = other.to_string();
                push(tokens, &text, line, in_test || test_item);
                test_item &= text != ";";
            }
        }
        after_hash = hash;
    }
}

fn is_test_attribute(attribute: &str) -> bool {
    let compact: String = attribute.chars().filter(|character| !character.is_whitespace()).collect();
    compact == "cfg(test)" || compact == "test" || compact.starts_with("tokio::test")
}

fn push(tokens: &mut Vec<Token>, text: &str, line: usize, in_test: bool) {
    if !text.is_empty() {
        tokens.push(Token { text: text.to_owned(), line, in_test });
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::{occurrences, pattern, tokens};

    fn find(source: &str, text: &str) -> Vec<(usize, bool)> {
        let tokens = tokens(source).unwrap();
        let pattern = pattern(text).unwrap();
        occurrences(&tokens, &pattern).map(|token| (token.line, token.in_test)).collect()
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        let source = "// Instant::now()\n/// Instant::now()\nfn f() { g(\"Instant::now()\"); }\nfn h() { Instant::now(); }";
        assert_eq!(find(source, "Instant::now"), [(4, false)]);
    }

    #[test]
    fn test_code_is_marked_to_the_end_of_its_item() {
        let source = "#[cfg(test)]\nuse a::x;\nfn f() { x() }\n#[cfg(test)]\nmod tests {\n fn g() { x() }\n}\nfn h() { x() }";
        assert_eq!(find(source, "x()"), [(3, false), (6, true), (8, false)]);
        assert_eq!(
            find("#[tokio::test]\nasync fn f() { x() }\nfn g() { x() }", "x()"),
            [(2, true), (3, false)]
        );
        assert_eq!(find("#[cfg(not(test))]\nfn f() { x() }", "x()"), [(2, false)]);
    }
}
