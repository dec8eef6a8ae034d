// Looks at a page from inside, the same for the desk and for the page beside it; MARKS, which stands before this, says
// what is what, and what the last message of the conversation says with which the page opens. It changes nothing of
// what they do.
(() => {
  const one = (selector) => document.querySelector(selector);
  const look = (globalThis.look = { ready: null, opened: null, keys: [], frames: null, switched: false });

  // The memories of modules, as they are made.
  const memories = [];
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const make = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await make.apply(WebAssembly, given);
      const exported = Object.values((made.instance ?? made).exports);
      memories.push(...exported.filter((one) => one instanceof WebAssembly.Memory));
      return made;
    };
  }
  look.module = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

  /** Whether the last message in the document holds these words. */
  look.shows = (words) => {
    const all = document.querySelectorAll(MARKS.bubble);
    return all.length > 0 && all[all.length - 1].textContent.includes(words);
  };

  /** Whether somebody could write. */
  const writable = () => {
    const composer = one(MARKS.composer);
    return composer !== null && !composer.disabled && (composer.isContentEditable || composer.readOnly === false);
  };

  /** Looks at the beginning of every frame; calls back with the next one, when what is looked for was painted. */
  const painted = (is, then) =>
    requestAnimationFrame(function again() {
      requestAnimationFrame(is() ? () => then(performance.now()) : again);
    });

  painted(() => writable() && look.shows(MARKS.words), (now) => (look.ready = now));

  /** Bytes over the line of everything but what the API answers: the page itself and all it asked for. */
  look.bytes = () => {
    const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const files = all.filter(({ name }) => !new URL(name).pathname.startsWith("/api/"));
    return files.map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]);
  };

  /** Times the next click, until these words are painted. */
  look.await = (words) => {
    look.opened = null;
    addEventListener("click", ({ timeStamp }) => {
      painted(() => look.shows(words), (now) => (look.opened = now - timeStamp));
    }, { capture: true, once: true });
  };

  // Keys: from the instant the browser had the key until the frame with the letter was made.
  let pressed = null;
  addEventListener("keydown", ({ timeStamp }) => (pressed ??= timeStamp), true);
  addEventListener("input", () => {
    const from = pressed;
    pressed = null;
    if (from === null) return;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => look.keys.push(performance.now() - from);
      port2.postMessage(null);
    });
  }, true);

  look.elements = () => document.querySelectorAll("*").length;

  /** Goes from the end of the history to its start, a screen in every frame, no more than so many frames. */
  look.scroll = (limit) => {
    const box = one(MARKS.history);
    const frames = [];
    let before = null;
    look.frames = null;
    box.scrollTop = box.scrollHeight;
    requestAnimationFrame(function step() {
      const now = performance.now();
      if (before !== null) frames.push(now - before);
      before = now;
      if (box.scrollTop <= 0 || frames.length >= limit) {
        look.frames = { frames, start: box.scrollTop <= 0 };
        return;
      }
      box.scrollTop -= box.clientHeight;
      requestAnimationFrame(step);
    });
  };

  /** Opens one conversation after the other, so many times; each is [selector, words]. */
  look.switch = (tabs, times) => {
    look.switched = false;
    const next = (n) => {
      if (n === times) return (look.switched = true);
      const [tab, words] = tabs[n % tabs.length];
      one(tab).click();
      painted(() => look.shows(words), () => next(n + 1));
    };
    next(0);
  };
})();
