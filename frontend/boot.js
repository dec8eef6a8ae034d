// Loads and starts the page's program, the desk or the admin, with the words of the agent's language, and says so when
// that fails or it breaks down; draws nothing else.
//
// A file of its own, because the policy allows no inline script. It finds the script, the module and the languages by
// the links of the page, whose names follow their content.

const address = (id) => document.getElementById(id).href;

// Said until the words have come, and where they do not come.
let said = {
  starting: "Signalbox is starting…",
  reload: "Reload",
  stopped: "Signalbox has stopped",
  panic: "Something went wrong in Signalbox and it has stopped. Reload the page to go on where you were.",
  old: "This browser cannot run Signalbox: it has no WebAssembly.",
  not_loaded: "Signalbox could not be loaded. Check the connection, then reload the page.",
};

let failed = false;

/** Covers the page with a sentence and the one thing that helps. What an agent typed is kept in the browser. */
function fail(sentence) {
  if (failed) return;
  failed = true;
  for (const element of document.body.children) element.inert = true;
  document.getElementById("boot")?.remove();

  const text = document.createElement("p");
  text.textContent = sentence;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = said.reload;
  button.addEventListener("click", () => location.reload());
  const cover = document.createElement("div");
  cover.className = "boot boot-failure";
  cover.setAttribute("role", "alertdialog");
  cover.setAttribute("aria-label", said.stopped);
  cover.append(text, button);
  document.body.append(cover);
  button.focus();
}

/** The language chosen on this device, else the first of the browser's that there is, else the page's first. */
function language() {
  const all = [...document.querySelectorAll("link[hreflang]")];
  let wanted = navigator.languages ?? [];
  try {
    wanted = [localStorage.getItem("signalbox-language"), ...wanted];
  } catch {
    // A browser that refuses storage remembers no choice.
  }
  for (const tag of wanted) {
    const found = all.find((link) => tag && (link.hreflang === tag || link.hreflang === tag.split("-")[0]));
    if (found) return found;
  }
  return all[0];
}

/** Fetches the words and leaves them where the program looks for them. */
async function speak() {
  const chosen = language();
  const { boot, words } = await (await fetch(chosen.href)).json();
  said = boot;
  // Digits stay the ones that clocks, codes and numbers of queues are written in everywhere on the page.
  globalThis.signalboxWords = { language: `${chosen.hreflang}-u-nu-latn`, words };
  document.documentElement.lang = chosen.hreflang;
  document.documentElement.dir = chosen.dir || "ltr";
  const cover = document.getElementById("boot");
  if (cover) cover.textContent = said.starting;
}

const { worker } = document.documentElement.dataset;
const workerAddress = worker && new URL(worker, document.baseURI).href;

/**
 * Answers when the browser asks whether a text may become markup or a script (trusted types). The program's own templates
 * are markup in which nothing runs; no other kind passes, and the one script that is named by a text is the worker.
 */
function guard() {
  const runs = /<\s*(script|iframe|object|embed|base|link|meta)\b|[\s"'/]on\w+\s*=|javascript:/i;
  globalThis.trustedTypes?.createPolicy("default", {
    createHTML: (markup) => (runs.test(markup) ? undefined : markup),
    createScriptURL: (address) => (address === workerAddress ? address : undefined),
  });
}

/** Has the page kept for a reload without a network, where the browser can do that. */
function offline() {
  if (!worker || !navigator.serviceWorker) return;
  navigator.serviceWorker.register(workerAddress).catch((error) => console.info(error));
}

/**
 * Some systems draw all emoji but flags, which stay two letters. There, and only there, the stylesheet's font for flags is
 * used, and the browser fetches it with the first flag.
 */
function flags() {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return;
  const colourful = (text) => {
    context.clearRect(0, 0, 32, 32);
    context.font = "16px system-ui, sans-serif";
    context.fillText(text, 2, 22);
    const { data } = context.getImageData(0, 0, 32, 32);
    return data.some((value, at) => at % 4 === 0 && (value !== data[at + 1] || value !== data[at + 2]));
  };
  if (colourful("😀") && !colourful("🇨🇿")) document.documentElement.dataset.flags = "own";
}

// Sent by the program's panic hook: after a panic the module must not be called again.
addEventListener("signalbox:panic", () => fail(said.panic));

try {
  guard();
  const speaking = speak();
  const [app] = await Promise.all([import(address("app-script")), speaking]);
  await app.default({ module_or_path: address("app-module") });
  document.getElementById("boot")?.remove();
  offline();
  (globalThis.requestIdleCallback ?? setTimeout)(flags);
} catch (error) {
  console.error(error);
  fail(typeof WebAssembly === "undefined" ? said.old : said.not_loaded);
}
