//! What every handler can reach: use cases, settings, assets, caches and the clock.

use crate::assets::Assets;
use crate::config::Config;
use crate::edge::Clock;
use crate::limits::Limiter;
use crate::pages::Pages;
use app::i18n::Lang;
use app::page::{Chrome, PageContext};
use backend::Backend;
use metrics_exporter_prometheus::PrometheusHandle;
use std::ops::Deref;
use std::sync::Arc;

/// Cheap to clone; the fields are those of [`Shared`].
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// The parts of the running server.
pub struct Shared {
    pub backend: Backend,
    pub config: Config,
    pub assets: Assets,
    pub pages: Pages,
    pub limiter: Limiter,
    pub clock: Clock,
    pub metrics: Option<PrometheusHandle>,
}

impl AppState {
    pub fn new(
        backend: Backend,
        config: Config,
        clock: Clock,
        assets: Assets,
        metrics: Option<PrometheusHandle>,
    ) -> Self {
        Self(Arc::new(Shared {
            pages: Pages::new(config.page_cache_mb),
            limiter: Limiter::new(config.limits),
            backend,
            config,
            assets,
            clock,
            metrics,
        }))
    }
}

impl AppState {
    /// What a page must know apart from its data; chrome and zone can be set by the caller.
    pub fn context(&self, lang: Lang, here: &str) -> PageContext {
        let assets = &self.assets;
        PageContext {
            lang,
            now: self.clock.now(),
            base: self.config.public_url.clone(),
            here: here.to_owned(),
            assets: app::page::Assets {
                css: assets.url("site.css"),
                sessions_css: assets.url("sessions.css"),
                boot: assets.url("boot.js"),
                frame: assets.url("frame.js"),
                icon: assets.url("icon.svg"),
                desk_css: assets.url("desk.css"),
                desk_boot: assets.url("desk_boot.js"),
            },
            chrome: Chrome::Page,
            zone: "Asia/Shanghai".into(),
        }
    }
}

impl Deref for AppState {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}
