// Loads and starts the page's program, the desk or the admin, and says so when that fails or it breaks down; draws
// nothing else.
//
// A file of its own, because the policy allows no inline script. It finds the script and the module by the
// preload links of the page, whose names follow their content.

const address = (id) => document.getElementById(id).href;

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
  button.textContent = "Reload";
  button.addEventListener("click", () => location.reload());
  const cover = document.createElement("div");
  cover.className = "boot boot-failure";
  cover.setAttribute("role", "alertdialog");
  cover.setAttribute("aria-label", "Signalbox has stopped");
  cover.append(text, button);
  document.body.append(cover);
  button.focus();
}

// Sent by the program's panic hook: after a panic the module must not be called again.
addEventListener("signalbox:panic", () => {
  fail("Something went wrong in Signalbox and it has stopped. Reload the page to go on where you were.");
});

try {
  const app = await import(address("app-script"));
  await app.default({ module_or_path: address("app-module") });
  document.getElementById("boot")?.remove();
} catch (error) {
  console.error(error);
  const old = typeof WebAssembly === "undefined";
  fail(
    old
      ? "This browser cannot run Signalbox: it has no WebAssembly."
      : "Signalbox could not be loaded. Check the connection, then reload the page.",
  );
}
