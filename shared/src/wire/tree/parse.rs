//! From text to tree: takes in any JSON, whatever it means.
//!
//! A library would do and brings, for every browser to download, tables and code for fractions, which this crate never
//! writes. The tests hold this reader against one, on the same texts.

use super::Tree;

#[cfg(test)]
mod tests;

/// Nested deeper than any form of this crate; a text of nothing but brackets must not use up the stack.
const DEPTH: usize = 128;

/// A text being read, and how far that has come, in bytes.
pub(in crate::wire) struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

/// The text is no JSON; where that shows is where the parser stands.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::wire) struct Broken;

impl<'a> Parser<'a> {
    pub(in crate::wire) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The whole text as one value.
    pub(in crate::wire) fn whole(&mut self) -> Result<Tree, Broken> {
        let tree = self.value()?;
        self.blanks();
        if self.at == self.text.len() { Ok(tree) } else { Err(Broken) }
    }

    /// The line and column at which it stands, from 1.
    pub(in crate::wire) fn place(&self) -> (usize, usize) {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        (before.matches('\n').count() + 1, before.len() - line + 1)
    }

    /// The text around a list that is a field of this object, and those of its items; the whole text must be JSON.
    pub(in crate::wire) fn apart(&mut self, list: &str) -> Option<([&'a str; 2], Vec<&'a str>)> {
        self.expect(b'{').ok()?;
        loop {
            let name = self.string().ok()?;
            self.expect(b':').ok()?;
            if name == list {
                break;
            }
            self.value().ok()?;
            self.expect(b',').ok()?;
        }
        self.expect(b'[').ok()?;
        let (head, mut items) = (self.text.get(..self.at)?, Vec::new());
        while self.peek() != Some(b']') {
            if !items.is_empty() {
                self.expect(b',').ok()?;
            }
            self.blanks();
            let from = self.at;
            self.value().ok()?;
            items.push(self.text.get(from..self.at)?);
        }
        Some(([head, self.text.get(self.at..)?], items))
    }

    fn value(&mut self) -> Result<Tree, Broken> {
        match self.peek() {
            Some(b'{') => self.nested(|parser| parser.list(b'}', Self::field).map(Tree::Fields)),
            Some(b'[') => self.nested(|parser| parser.list(b']', Self::value).map(Tree::Items)),
            Some(b'"') => self.string().map(Tree::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let words = [("null", Tree::Null), ("true", Tree::Bool(true)), ("false", Tree::Bool(false))];
                let here = self.text.get(self.at..).unwrap_or_default();
                let (word, tree) =
                    words.into_iter().find(|(word, _)| here.starts_with(word)).ok_or(Broken)?;
                self.at += word.len();
                Ok(tree)
            }
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Tree, Broken>) -> Result<Tree, Broken> {
        self.depth += 1;
        if self.depth >= DEPTH {
            return Err(Broken);
        }
        let tree = read(self);
        self.depth -= 1;
        tree
    }

    /// What stands between two brackets, parted by commas.
    fn list<T>(&mut self, end: u8, one: fn(&mut Self) -> Result<T, Broken>) -> Result<Vec<T>, Broken> {
        self.at += 1;
        let mut all = Vec::new();
        while self.peek() != Some(end) {
            if !all.is_empty() {
                self.expect(b',')?;
            }
            all.push(one(self)?);
        }
        self.at += 1;
        Ok(all)
    }

    fn field(&mut self) -> Result<(String, Tree), Broken> {
        let name = self.string()?;
        self.expect(b':')?;
        Ok((name, self.value()?))
    }

    fn string(&mut self) -> Result<String, Broken> {
        self.expect(b'"')?;
        let mut out = String::new();
        loop {
            let from = self.at;
            while self.byte().is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            out.push_str(self.text.get(from..self.at).ok_or(Broken)?);
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escaped()?);
                }
                _ => return Err(Broken),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Broken> {
        let byte = self.byte().ok_or(Broken)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                // Beyond the first plane a character is written as two halves.
                let code = if (0xD800..0xDC00).contains(&first) {
                    if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
                        return Err(Broken);
                    }
                    self.at += 2;
                    let second =
                        self.hex()?.checked_sub(0xDC00).filter(|half| *half < 0x400).ok_or(Broken)?;
                    0x1_0000 + ((first - 0xD800) << 10) + second
                } else {
                    first
                };
                char::from_u32(code).ok_or(Broken)?
            }
            _ => return Err(Broken),
        })
    }

    fn hex(&mut self) -> Result<u32, Broken> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16)).ok_or(Broken)?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Tree, Broken> {
        let from = self.at;
        let negative = self.skip(b'-');
        let whole = self.digits()?;
        let text = self.text.get(from..self.at).ok_or(Broken)?;
        // 007 is no number.
        if whole > 1 && self.text.as_bytes().get(self.at - whole) == Some(&b'0') {
            return Err(Broken);
        }
        let mut other = false;
        if self.skip(b'.') {
            self.digits()?;
            other = true;
        }
        if self.skip(b'e') || self.skip(b'E') {
            let _ = self.skip(b'+') || self.skip(b'-');
            self.digits()?;
            other = true;
        }
        let read = if negative {
            text.parse().ok().map(Tree::Signed)
        } else {
            text.parse().ok().map(Tree::Unsigned)
        };
        Ok(read.filter(|_| !other).unwrap_or(Tree::Number))
    }

    /// At least one digit; how many.
    fn digits(&mut self) -> Result<usize, Broken> {
        let from = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > from { Ok(self.at - from) } else { Err(Broken) }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        self.blanks();
        self.byte()
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Broken> {
        self.blanks();
        if self.skip(wanted) { Ok(()) } else { Err(Broken) }
    }

    fn skip(&mut self, wanted: u8) -> bool {
        let here = self.byte() == Some(wanted);
        self.at += usize::from(here);
        here
    }
}
