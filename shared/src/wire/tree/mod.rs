//! Reads parsed JSON into types with little code for each; accepts only the forms in which this crate writes them.
//!
//! A browser downloads what reading costs, and most of that is code that looks for fields in the order in which they
//! come. Here the text is parsed first and every type is handed its fields in its own order. Unknown fields are passed
//! over; a missing one is an error unless it says `#[serde(default)]`, `Option` or not. A unit variant passes over what
//! it carries, so that `#[serde(other)]` takes any variant of a newer version.

mod misshapen;
mod parse;

use misshapen::Misshapen;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, VariantAccess, Visitor,
};
use std::slice;

/// A parsed text, or a part of it, about to be read.
///
/// `serde_json::Value` would do; it brings maps and numbers that can also be changed and written, which weigh more.
pub(super) enum Tree {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    Items(Vec<Tree>),
    Fields(Vec<(String, Tree)>),
}

impl IntoDeserializer<'_, Misshapen> for Tree {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Methods that read one kind of value and refuse all others.
macro_rules! only {
    ($($method:ident: $pattern:pat => $visit:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misshapen> {
            match self {
                $pattern => $visit(visitor),
                _ => Err(Misshapen),
            }
        }
    )*};
}

/// Methods whose form never stands in what this crate writes.
macro_rules! never {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Misshapen> {
            Err(Misshapen)
        }
    )*};
}

/// Methods that read as another one does.
macro_rules! like {
    ($other:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misshapen> {
            self.$other(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Misshapen;

    only! {
        deserialize_bool: Self::Bool(flag) => |visitor: V| visitor.visit_bool(flag);
        deserialize_str: Self::Text(text) => |visitor: V| visitor.visit_string(text);
        deserialize_seq: Self::Items(items) => |visitor: V| visitor.visit_seq(SeqDeserializer::new(items.into_iter()));
        deserialize_map: Self::Fields(fields) => |visitor: V| visitor.visit_map(MapDeserializer::new(fields.into_iter()));
        deserialize_unit: Self::Null => |visitor: V| visitor.visit_unit();
    }

    never! { deserialize_any deserialize_bytes deserialize_byte_buf deserialize_char }

    like! { deserialize_str: deserialize_string deserialize_identifier }

    like! { number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
    deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misshapen> {
        match self {
            Self::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misshapen> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misshapen> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misshapen> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misshapen> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misshapen> {
        visitor.visit_seq(Fields::of(self, names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misshapen> {
        let (name, content) = match self {
            Self::Text(name) => (name, None),
            Self::Fields(fields) => match fields.into_iter().next() {
                Some((name, content)) => (name, Some(content)),
                None => return Err(Misshapen),
            },
            _ => return Err(Misshapen),
        };
        visitor.visit_enum(Variant { name, content })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misshapen> {
        visitor.visit_unit()
    }
}

impl Tree {
    /// Takes the items of a list out of this object and leaves it empty; none when there is no such list.
    pub(super) fn take(&mut self, list: &str) -> Option<Vec<Self>> {
        let Self::Fields(fields) = self else { return None };
        match fields.iter_mut().find(|(name, _)| name == list) {
            Some((_, Self::Items(items))) => Some(std::mem::take(items)),
            _ => None,
        }
    }

    /// The text it was parsed from, but for blanks.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, to: &mut String) {
        match self {
            Self::Null => to.push_str("null"),
            Self::Bool(flag) => to.push_str(if *flag { "true" } else { "false" }),
            Self::Unsigned(number) => to.push_str(&number.to_string()),
            Self::Signed(number) => to.push_str(&number.to_string()),
            Self::Float(number) => to.push_str(&number.to_string()),
            Self::Text(text) => quote(text, to),
            Self::Items(items) => {
                to.push('[');
                for (at, item) in items.iter().enumerate() {
                    separate(at, to);
                    item.write(to);
                }
                to.push(']');
            }
            Self::Fields(fields) => {
                to.push('{');
                for (at, (name, value)) in fields.iter().enumerate() {
                    separate(at, to);
                    quote(name, to);
                    to.push(':');
                    value.write(to);
                }
                to.push('}');
            }
        }
    }

    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misshapen> {
        match self {
            Self::Unsigned(number) => visitor.visit_u64(number),
            Self::Signed(number) => visitor.visit_i64(number),
            Self::Float(number) => visitor.visit_f64(number),
            _ => Err(Misshapen),
        }
    }
}

fn separate(at: usize, to: &mut String) {
    if at > 0 {
        to.push(',');
    }
}

/// A text as JSON has it; writing one cannot fail.
fn quote(text: &str, to: &mut String) {
    to.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// The fields of an object in the order of the type that wants them.
struct Fields {
    of: Vec<(String, Tree)>,
    names: slice::Iter<'static, &'static str>,
}

impl Fields {
    fn of(tree: Tree, names: &'static [&'static str]) -> Result<Self, Misshapen> {
        let Tree::Fields(of) = tree else { return Err(Misshapen) };
        Ok(Self { of, names: names.iter() })
    }

    #[inline(never)]
    fn next(&mut self) -> Option<Tree> {
        let name = self.names.next()?;
        let place = self.of.iter().position(|(field, _)| field == name)?;
        Some(self.of.swap_remove(place).1)
    }
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = Misshapen;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Misshapen> {
        self.next().map(|tree| seed.deserialize(tree)).transpose()
    }
}

/// A variant: a name, and what it carries.
struct Variant {
    name: String,
    content: Option<Tree>,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Misshapen;
    type Variant = Carried;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Carried), Misshapen> {
        Ok((seed.deserialize(Tree::Text(self.name))?, Carried(self.content)))
    }
}

/// What a variant carries.
struct Carried(Option<Tree>);

impl Carried {
    fn tree(self) -> Result<Tree, Misshapen> {
        self.0.ok_or(Misshapen)
    }
}

impl<'de> VariantAccess<'de> for Carried {
    type Error = Misshapen;

    fn unit_variant(self) -> Result<(), Misshapen> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Misshapen> {
        seed.deserialize(self.tree()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misshapen> {
        self.tree()?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misshapen> {
        visitor.visit_seq(Fields::of(self.tree()?, names)?)
    }
}
