//! Resource paths.

use axum::http::Uri;

use super::version3;
use crate::site::Site;
use crate::{guid, percent};

/// What a resource path leads to.
pub(super) struct Target {
    /// Perhaps one that does not exist.
    pub(super) collection: String,
    pub(super) part: Part,
}

/// Which part of the collection.
pub(super) enum Part {
    /// `Contact`
    All,
    /// `Contact/$count`
    Count,
    /// `Contact(guid)` or `Contact/guid`
    One(String),
    /// `SysImage(guid)/Data`
    Binary { id: String, column: String },
    /// `Contact(guid)/Name/$value`
    Value { id: String, column: String },
}

impl Target {
    /// `None` if the path has no meaning.
    pub(super) fn parse(site: &Site, uri: &Uri) -> Option<Self> {
        let resource = resource(site, uri)?;
        let mut segments = resource.split('/');
        let first = segments.next()?;
        let (collection, mut key) = match first.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
            Some((collection, key)) => (collection, Some(guid::parse(key)?)),
            None => (first, None),
        };
        let mut rest = segments.next();
        if key.is_none() {
            key = rest.and_then(guid::parse);
            if key.is_some() {
                rest = segments.next();
            }
        }
        let part = match (key, rest, segments.next()) {
            (None, None, _) => Part::All,
            (None, Some("$count"), None) => Part::Count,
            (Some(id), None, _) => Part::One(id),
            (Some(id), Some(column), None) => Part::Binary { id, column: column.to_owned() },
            (Some(id), Some(column), Some("$value")) => Part::Value { id, column: column.to_owned() },
            _ => return None,
        };
        segments.next().is_none().then(|| Self { collection: collection.to_owned(), part })
    }
}

/// Whether it is the path of batches.
pub(super) fn is_batch(site: &Site, uri: &Uri) -> bool {
    resource(site, uri).is_some_and(|resource| resource == "$batch")
}

/// Whether it is a path of OData at all, of either version.
pub(crate) fn is_resource(site: &Site, uri: &Uri) -> bool {
    let path = uri.path().strip_prefix(&site.prefix);
    path.is_some_and(|path| path.starts_with("/odata/") || path.starts_with(version3::SERVICE))
}

/// What follows `…/odata/`, decoded.
fn resource(site: &Site, uri: &Uri) -> Option<String> {
    percent::decode(uri.path().strip_prefix(&site.prefix)?.strip_prefix("/odata/")?)
}
