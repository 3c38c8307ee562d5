//! The embedded app. `build.rs` lists and compresses it; what is here only serves it.

use axum::Router;
use memory_serve::{Asset, CacheControl, MemoryServe};

static ASSETS: &[(&str, &[Asset])] = include!(concat!(env!("OUT_DIR"), "/memory_serve_assets.rs"));

/// The app's files; `/` is its only page. Caching is decided with the other headers.
pub(super) fn router() -> Router {
    let assets = ASSETS.first().map_or(&[] as &[Asset], |(_, assets)| *assets);
    MemoryServe::new(assets)
        .index_file(Some("/index.html"))
        .html_cache_control(CacheControl::NoCache)
        .cache_control(CacheControl::NoCache)
        .enable_brotli(true)
        .enable_gzip(true)
        .into_router()
}
