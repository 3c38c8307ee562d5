//! The embedded app. `build.rs` lists and compresses it; what is here only serves it.

use std::sync::OnceLock;

use axum::Router;
use memory_serve::{Asset, CacheControl, MemoryServe};

static ASSETS: &[(&str, &[Asset])] = include!(concat!(env!("OUT_DIR"), "/memory_serve_assets.rs"));

/// The app's files; `/` is its only page. Caching is decided with the other headers.
pub(super) fn router() -> Router {
    // Made once per process: the library compresses with gzip here, and keeps the result for good.
    static ROUTER: OnceLock<Router> = OnceLock::new();
    ROUTER.get_or_init(build).clone()
}

fn build() -> Router {
    let assets = ASSETS.first().map_or(&[] as &[Asset], |(_, assets)| *assets);
    MemoryServe::new(assets)
        .index_file(Some("/index.html"))
        .html_cache_control(CacheControl::NoCache)
        .cache_control(CacheControl::NoCache)
        // Compressed at build time, and only in release builds: at start it would take seconds.
        .enable_brotli(!cfg!(debug_assertions))
        .enable_gzip(true)
        .into_router()
}
