//! A named lock over all tabs of this origin. It holds nothing else and never waits for its own release.

use super::error_name;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, options: &Object, held: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(thread_local_v2, js_namespace = navigator, js_name = locks)]
    static LOCKS: Option<Locks>;
}

/// Holds the lock; dropping it, closing the tab or a crash lets the next one in.
pub struct Guard {
    release: Function,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// Waits until this tab holds the lock `name`. Dropping the future while it waits gives the place in the queue up.
///
/// # Errors
/// The DOM name of the refusal; `NotSupportedError` where the browser has no locks (no secure context).
pub async fn request(name: &str) -> Result<Guard, String> {
    let abort = web_sys::AbortController::new().map_err(|error| error_name(&error))?;
    let options = Object::new();
    let _ = Reflect::set(&options, &"signal".into(), &abort.signal());
    let mut release = None;
    let until_released = Promise::new(&mut |resolve, _| release = Some(resolve));
    let Some(release) = release else { return Err("InvalidStateError".to_owned()) };
    // Made now: it is dropped with this future and then tells the browser that nobody waits any more.
    let mut waiting = Waiting { abort, guard: Some(Guard { release }) };
    let mut failed = None;
    let held = Promise::new(&mut |resolve, reject| {
        let until_released = until_released.clone();
        let taken = Closure::once_into_js(move |_lock: JsValue| -> Promise {
            let _ = resolve.call0(&JsValue::UNDEFINED);
            until_released
        });
        let asked = LOCKS.with(|locks| {
            locks.as_ref().map_or_else(
                || Err(JsValue::from(js_sys::Error::new("no locks"))),
                |locks| locks.request(name, &options, &taken),
            )
        });
        match asked {
            // A refusal comes through the browser's own promise.
            Ok(asked) => {
                let refused = Closure::once_into_js(move |error: JsValue| {
                    let _ = reject.call1(&JsValue::UNDEFINED, &error);
                });
                let catch =
                    Reflect::get(&asked, &"catch".into()).ok().and_then(|it| it.dyn_into::<Function>().ok());
                if let Some(catch) = catch {
                    let _ = catch.call1(&asked, &refused);
                }
            }
            Err(_) => failed = Some("NotSupportedError".to_owned()),
        }
    });
    if let Some(failed) = failed {
        return Err(failed);
    }
    JsFuture::from(held).await.map_err(|error| error_name(&error))?;
    waiting.guard.take().ok_or("InvalidStateError".to_owned())
}

/// A place in the queue, given up when dropped before the lock was held.
struct Waiting {
    abort: web_sys::AbortController,
    guard: Option<Guard>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.guard.is_some() {
            self.abort.abort();
        }
    }
}
