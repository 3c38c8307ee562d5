//! The houses in memory: a bounded cache, and never two of the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use moka::future::Cache;
use nestpost_protocol::id::HouseId;

use super::House;
use super::state::HouseState;
use crate::store::{Store, StoreError};

/// Houses by id. Those with sessions stay alive beyond the cache's bound and are found again.
#[derive(Debug)]
pub(crate) struct Houses {
    cache: Cache<HouseId, Arc<House>>,
    alive: Mutex<HashMap<HouseId, Weak<House>>>,
}

#[derive(Debug)]
enum LoadError {
    Missing,
    Store(StoreError),
}

impl Houses {
    pub(crate) fn new(cached_max: u64) -> Self {
        Self { cache: Cache::new(cached_max), alive: Mutex::default() }
    }

    /// The house, folded from the store if need be; `None`: no such house. One load per house at a time.
    pub(crate) async fn get(&self, store: &dyn Store, id: HouseId) -> Result<Option<Arc<House>>, StoreError> {
        let loaded = self.cache.try_get_with(id, async {
            if let Some(house) = self.alive(id) {
                return Ok(house);
            }
            let stored = store.load(id).await.map_err(LoadError::Store)?.ok_or(LoadError::Missing)?;
            // Folding verifies every signature of the log: not on the async threads.
            let folded = tokio::task::spawn_blocking(move || HouseState::fold(stored)).await;
            let state =
                folded.map_err(|_| LoadError::Store(StoreError::Closed))?.map_err(LoadError::Store)?;
            let house = Arc::new(House::new(id, state));
            self.remember(&house);
            Ok(house)
        });
        match loaded.await {
            Ok(house) => Ok(Some(house)),
            Err(error) => match &*error {
                LoadError::Missing => Ok(None),
                LoadError::Store(StoreError::Corrupt) => Err(StoreError::Corrupt),
                LoadError::Store(cause) => {
                    tracing::error!(error = %cause, "a house cannot be loaded");
                    Err(StoreError::Closed)
                }
            },
        }
    }

    /// Houses in memory.
    pub(crate) fn in_memory(&self) -> Vec<Arc<House>> {
        let alive = self.alive.lock().unwrap_or_else(PoisonError::into_inner);
        alive.values().filter_map(Weak::upgrade).collect()
    }

    /// The store has this house no more.
    pub(crate) async fn forget(&self, id: HouseId) {
        self.cache.invalidate(&id).await;
        let alive = self.alive.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        if let Some(house) = alive.and_then(|house| house.upgrade()) {
            house.forget();
        }
    }

    fn alive(&self, id: HouseId) -> Option<Arc<House>> {
        self.alive.lock().unwrap_or_else(PoisonError::into_inner).get(&id).and_then(Weak::upgrade)
    }

    fn remember(&self, house: &Arc<House>) {
        let mut alive = self.alive.lock().unwrap_or_else(PoisonError::into_inner);
        alive.retain(|_, house| house.strong_count() > 0);
        alive.insert(house.id(), Arc::downgrade(house));
    }
}
