// The phones page: shows every customer's phone and sends what the customer does to the control API; one file because a page without a build step loads one.
"use strict";

const CHANNELS = {
  messenger: { title: "Messenger", openers: ["Dobrý den, máte ještě ty modré boty ve velikosti 38?", "Kdy máte otevřeno v sobotu?"] },
  whatsapp: { title: "WhatsApp", openers: ["Dobrý den, kde je moje zásilka?", "Potřebuji změnit adresu doručení."] },
  viber: { title: "Viber", openers: ["Dobrý den, chtěla bych vrátit zboží.", "Přišla mi faktura dvakrát."] },
  instagram: { title: "Instagram", openers: ["Ahoj, je ten batoh ze story skladem?", "Posíláte i na Slovensko?"] },
};
const STATES = { sent: "Sent", delivered: "Delivered", seen: "Seen" };
const NAMES = ["Eliška Kučerová", "Matěj Svoboda", "Tereza Benešová", "Ondřej Král", "Anna Nguyen", "Oleksandr Bondar", "Zuzana Kováčová", "Filip Marek"];
const NEED_WORDS = ["quick_reply", "story_reply", "button"];
const GROUP_MS = 120000, LOOK_MS = 450, TYPING_MS = 25000;

const $ = (id) => document.getElementById(id);
const make = (tag, cls, text) => Object.assign(document.createElement(tag), { className: cls || "", textContent: text || "" });
const icon = (name, cls) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  svg.setAttribute("class", cls);
  svg.append(use);
  return svg;
};
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const initials = (name) => name.trim().split(/\s+/u).slice(0, 2).map((word) => Array.from(word)[0] || "").join("").toLocaleUpperCase();
const short = (name) => Array.from(name).slice(0, 60).join("");

async function api(path, body) {
  const request = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/control${path}`, request);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `The simulator answered ${response.status}.`);
  return answer;
}

const customers = new Map();
const phones = new Map();

class Phone {
  constructor(channel, account) {
    Object.assign(this, { channel, account, active: null, messages: new Map(), drafts: new Map(), drawn: new Set(), unread: new Map(), looking: false });
    const root = $("phone").content.cloneNode(true).firstElementChild;
    this.root = root;
    const part = (selector) => root.querySelector(selector);
    this.chips = part(".chips"); this.thread = part(".thread"); this.list = part("ol"); this.input = part("textarea");
    this.sendButton = part(".send"); this.empty = part(".empty"); this.typing = part(".typing");
    const title = CHANNELS[channel].title;
    const phone = part(".phone");
    root.dataset.channel = channel;
    phone.dataset.testid = `phone-${channel}`;
    phone.id = `phone-${channel}`;
    phone.setAttribute("aria-label", `${title} phone`);
    this.chips.setAttribute("aria-label", `${title} customers`);
    this.thread.setAttribute("aria-label", `${title} conversation`);
    part(".screen").id = `screen-${channel}`;
    part(".mark use").setAttribute("href", `#mark-${channel}`);
    part(".mark").setAttribute("aria-label", title);
    this.input.id = this.input.dataset.testid = `phone-input-${channel}`;
    this.input.placeholder = "Message";
    this.sendButton.id = this.sendButton.dataset.testid = `phone-send-${channel}`;
    this.sendButton.setAttribute("aria-label", "Send");
    this.name(part(".add"), `Add another ${title} customer`);
    part(".add").dataset.testid = `phone-add-${channel}`;
    part(".add").addEventListener("click", () => askName(this));
    for (const tool of root.querySelectorAll(".tool[data-kind]")) {
      this.name(tool, tool.dataset.kind === "image" ? "Send a photo" : "Send a sticker");
      tool.dataset.testid = `phone-${tool.dataset.kind}-${channel}`;
      tool.addEventListener("click", () => this.write("", tool.dataset.kind));
    }
    this.more = part(".more");
    this.name(this.more, "Send something else");
    this.more.dataset.testid = `phone-more-${channel}`;
    this.more.addEventListener("change", () => {
      const kind = this.more.value;
      this.more.value = "";
      const words = this.input.value.trim();
      this.input.value = "";
      this.grow();
      if (kind) this.write(words || (NEED_WORDS.includes(kind) ? "Ano" : ""), kind);
    });
    for (const text of CHANNELS[channel].openers) {
      const button = make("button", "opener", text);
      button.type = "button";
      button.addEventListener("click", () => { this.write(text, "text"); this.input.focus(); });
      part(".openers").append(button);
    }
    part(".composer").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.input.addEventListener("input", () => this.grow());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    });
    this.chips.addEventListener("keydown", (event) => this.move(event));
    for (const kind of ["pointerenter", "pointermove", "focusin", "click"]) phone.addEventListener(kind, () => { this.looking = true; this.look(); });
    phone.addEventListener("pointerleave", () => { this.looking = phone.contains(document.activeElement); });
    phone.addEventListener("focusout", () => { this.looking = phone.matches(":hover"); });
    $("phones").append(root);
  }

  name(button, text) { button.setAttribute("aria-label", text); button.title = text; }

  people() { return [...customers.values()].filter((customer) => customer.channel === this.channel); }

  /** Draws the customers' chips: the newest forty are enough for a hand. */
  drawPeople() {
    const focused = this.chips.contains(document.activeElement);
    const people = this.people().slice(-40);
    this.chips.replaceChildren(...people.map((customer) => {
      const chip = make("button", `chip hue-${customer.hue}`, initials(customer.name));
      const selected = customer.id === this.active;
      const unread = this.unread.get(customer.id) || 0;
      chip.type = "button";
      chip.dataset.customer = customer.id;
      chip.dataset.testid = `phone-customer-${this.channel}`;
      chip.title = short(customer.name);
      chip.tabIndex = selected ? 0 : -1;
      chip.setAttribute("role", "tab");
      chip.setAttribute("aria-selected", String(selected));
      chip.setAttribute("aria-controls", `screen-${this.channel}`);
      chip.setAttribute("aria-label", short(customer.name) + (unread ? `, ${unread} new` : ""));
      if (unread) chip.append(make("span", "dot"));
      chip.addEventListener("click", () => this.show(customer.id));
      return chip;
    }));
    const selected = this.chips.querySelector('[aria-selected="true"]');
    if (focused && selected) selected.focus();
    if (selected) selected.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const ids = this.people().slice(-40).map((customer) => customer.id);
    const next = ids[(ids.indexOf(this.active) + step + ids.length) % ids.length];
    if (next) this.show(next);
  }

  async show(id) {
    const customer = customers.get(id);
    if (!customer) return;
    if (this.active && this.active !== id) { this.drafts.set(this.active, this.input.value); this.input.value = this.drafts.get(id) || ""; }
    this.active = id;
    this.unread.delete(id);
    const part = (selector) => this.root.querySelector(selector);
    part("h2").textContent = short(customer.name);
    part(".names p").textContent = customer.phone || (customer.username ? `@${customer.username}` : CHANNELS[this.channel].title);
    const avatar = part(".avatar");
    avatar.className = `avatar hue-${customer.hue}`;
    avatar.textContent = initials(customer.name);
    this.input.setAttribute("aria-label", `Message as ${short(customer.name)} on ${CHANNELS[this.channel].title}`);
    this.empty.querySelector("p").textContent = `Say something as ${short(customer.name).split(" ")[0]}.`;
    this.grow();
    this.drawPeople();
    await this.load();
  }

  async load() {
    const id = this.active;
    if (!id) return;
    const { messages } = await api(`/customers/${encodeURIComponent(id)}/phone`);
    if (id !== this.active) return;
    this.messages = new Map(messages.map((message) => [message.id, message]));
    this.typing.hidden = true;
    this.drawn = new Set(this.messages.keys());
    this.draw(true);
  }

  draw(toEnd) {
    const nearEnd = toEnd || this.thread.scrollHeight - this.thread.scrollTop - this.thread.clientHeight < 80;
    const rows = [];
    const all = [...this.messages.values()].sort((a, b) => a.at_ms - b.at_ms);
    const lastSeen = all.filter((message) => message.from_customer && message.state === "seen").at(-1);
    all.forEach((message, index) => {
      const before = all[index - 1], after = all[index + 1];
      const newDay = !before || new Date(before.at_ms).toDateString() !== new Date(message.at_ms).toDateString();
      const today = new Date(message.at_ms).toDateString() === new Date().toDateString();
      if (newDay) rows.push(make("li", "day", today ? "Today" : day.format(message.at_ms)));
      const joins = (other) => other && other.from_customer === message.from_customer && Math.abs(other.at_ms - message.at_ms) < GROUP_MS;
      rows.push(this.row(message, !newDay && joins(before), joins(after), message === lastSeen));
    });
    this.list.replaceChildren(...rows);
    this.empty.hidden = all.length > 0;
    this.atEnd = nearEnd;
    if (nearEnd) this.thread.scrollTop = this.thread.scrollHeight;
    this.look();
  }

  row(message, joinsBefore, joinsAfter, isLastSeen) {
    const row = make("li", `message ${message.from_customer ? "mine" : "theirs"}`);
    row.classList.toggle("fresh", !this.drawn.has(message.id));
    this.drawn.add(message.id);
    row.dataset.testid = "phone-message";
    row.dataset.id = message.id;
    row.dataset.from = message.from_customer ? "customer" : "business";
    row.dataset.state = message.state;
    row.classList.toggle("joins-before", Boolean(joinsBefore));
    row.classList.toggle("joins-after", Boolean(joinsAfter));
    row.classList.toggle("last-seen", isLastSeen);
    const bubble = make("div", `bubble kind-${message.kind}`);
    bubble.append(make("span", "sr", message.from_customer ? "You: " : "Answer: "));
    const quoted = message.reply_to && this.messages.get(message.reply_to);
    if (quoted) bubble.append(make("span", "quote", quoted.text || quoted.kind));
    if (message.unsent) {
      bubble.append(make("span", "thing", "Taken back"));
    } else {
      const shown = message.media ? this.file(message) : null;
      if (shown) bubble.append(shown);
      const words = ["text", "template", "interactive", "quick_reply", "story_reply"].includes(message.kind);
      if (!shown && !words) {
        const thing = make("span", "thing");
        thing.append(icon(message.kind === "sticker" ? "sticker" : "picture", "icon"), make("span", "", { image: "Photo", picture: "Photo", sticker: "Sticker" }[message.kind] || message.kind.replaceAll("_", " ")));
        bubble.append(thing);
      }
      if (message.text) {
        const text = make("span", "text", message.text);
        text.dir = "auto";
        bubble.append(text);
      }
    }
    const meta = make("span", "meta");
    const stamp = make("time", "", time.format(message.at_ms));
    stamp.dateTime = new Date(message.at_ms).toISOString();
    meta.append(stamp);
    if (message.edits) meta.append(make("span", "", "edited"));
    if (message.failed) meta.append(make("span", "failed", "failed"));
    if (message.from_customer) {
      const ticks = icon(message.state === "sent" ? "tick" : "ticks", `ticks ${message.state}`);
      ticks.setAttribute("role", "img");
      ticks.setAttribute("aria-label", STATES[message.state] || message.state);
      meta.append(ticks);
    }
    bubble.append(meta);
    row.append(bubble);
    if (message.reaction) bubble.append(make("span", "reaction", message.reaction));
    for (const choice of message.choices || []) row.append(this.button("choice", choice.title || choice.payload, () => this.choose(message, choice)));
    if (!message.unsent) row.append(this.acts(message));
    return row;
  }

  button(cls, text, act) {
    const button = make("button", cls, text);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }

  /** The file in a message: a picture, a player, or nothing for what a browser does not show. */
  file(message) {
    const src = `/control/media/${encodeURIComponent(message.media)}`;
    const tag = { image: "img", picture: "img", sticker: "img", like: "img", story_mention: "img", audio: "audio", voice: "audio", video: "video" }[message.kind];
    if (!tag) return null;
    const shown = Object.assign(document.createElement(tag), { className: "file", src });
    if (tag === "img") { shown.alt = message.text || message.kind; shown.addEventListener("load", () => { if (this.atEnd) this.thread.scrollTop = this.thread.scrollHeight; }); } else { shown.controls = true; shown.preload = "none"; }
    return shown;
  }

  /** What can be done to a message: a heart on the business's, taking back one's own. */
  acts(message) {
    const acts = make("span", "acts");
    if (!message.from_customer && this.channel !== "viber") {
      const action = message.reaction ? { do: "unreact", message_id: message.id } : { do: "react", message_id: message.id, emoji: "❤️" };
      const heart = this.button("act", "♥", () => this.act(action));
      this.name(heart, message.reaction ? "Take the heart back" : "React with a heart");
      acts.append(heart);
    }
    if (message.from_customer && this.channel !== "viber") {
      const back = this.button("act", "↶", () => this.act({ do: "unsend", message_id: message.id }));
      this.name(back, "Take the message back");
      acts.append(back);
    }
    return acts;
  }

  act(action) { api(`/customers/${encodeURIComponent(this.active)}/act`, action).catch(report); }

  choose(message, choice) {
    if (choice.kind === "postback") return this.act({ do: "postback", payload: choice.payload, title: choice.title });
    const tapped = { kind: choice.kind, text: choice.title || "", title: choice.title, payload: choice.payload };
    if (choice.description) tapped.description = choice.description;
    if (this.channel === "whatsapp") tapped.reply_to = message.id;
    return this.send(tapped);
  }

  take(customer, message) {
    if (customer !== this.active) {
      if (!message.from_customer && message.state === "sent") this.unread.set(customer, (this.unread.get(customer) || 0) + 1);
      if (message.state === "seen") this.unread.delete(customer);
      this.drawPeople();
      return;
    }
    const fresh = !this.messages.has(message.id);
    this.messages.set(message.id, message);
    if (fresh && !message.from_customer) {
      this.typing.hidden = true;
      $("announce").textContent = `${CHANNELS[this.channel].title}: ${message.text || message.kind}`;
    }
    this.draw(fresh && message.from_customer);
  }

  showTyping(customer, on) {
    if (customer !== this.active) return;
    this.typing.hidden = !on;
    clearTimeout(this.typingEnd);
    if (on) { this.typingEnd = setTimeout(() => { this.typing.hidden = true; }, TYPING_MS); this.thread.scrollTop = this.thread.scrollHeight; }
  }

  /** The customer looks at the phone: what lies there unread becomes seen after a moment. */
  look() {
    const unread = () => this.looking && document.visibilityState === "visible" && [...this.messages.values()].some((m) => !m.from_customer && m.state !== "seen");
    if (this.lookSoon || !unread()) return;
    const id = this.active;
    this.lookSoon = setTimeout(() => {
      this.lookSoon = null;
      if (id === this.active && unread()) api(`/customers/${encodeURIComponent(id)}/read`, {}).catch(report);
    }, LOOK_MS);
  }

  grow() {
    this.sendButton.disabled = !this.input.value.trim();
    this.input.style.blockSize = "auto";
    this.input.style.blockSize = `${Math.min(this.input.scrollHeight, 120)}px`;
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.grow();
    this.write(text, "text");
  }

  write(text, kind) { return this.send({ text, kind }); }

  async send(draft) {
    const { text } = draft;
    try {
      await api(`/customers/${encodeURIComponent(this.active)}/messages`, draft);
    } catch (problem) {
      if (text && !this.input.value) { this.input.value = text; this.grow(); }
      report(problem);
    }
  }

  /** Offers every kind of message this provider's phones can send. */
  offer(kinds) {
    const others = kinds.filter((kind) => !["text", "image", "sticker"].includes(kind));
    const option = (kind) => Object.assign(make("option", "", kind.replaceAll("_", " ")), { value: kind });
    this.more.replaceChildren(option(""), ...others.map(option));
    this.more.firstElementChild.textContent = "+";
  }
}

function report(problem) { $("link").dataset.state = "problem"; $("link").textContent = problem.message; }

function remember(customer) {
  const hue = customers.get(customer.id)?.hue ?? customers.size % 6;
  customers.set(customer.id, { ...customer, hue });
}

let asking = null;
function askName(phone) {
  asking = phone;
  $("new-title").textContent = `Another ${CHANNELS[phone.channel].title} customer`;
  const taken = new Set([...customers.values()].map((customer) => customer.name));
  $("new-name").value = NAMES.find((name) => !taken.has(name)) || `Customer ${customers.size + 1}`;
  $("new-problem").textContent = "";
  $("new").showModal();
  $("new-name").select();
}

$("new-cancel").addEventListener("click", () => $("new").close());
$("new-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const phone = asking, name = $("new-name").value.trim();
  if (!name) return;
  try {
    const customer = await api("/customers", { account: phone.account, name });
    remember(customer);
    $("new").close();
    await phone.show(customer.id);
    phone.input.focus();
  } catch (problem) { $("new-problem").textContent = problem.message; }
});

/** Everything anew: at the start, after a lost connection, and when too much happened at once. */
async function refresh() {
  const [{ accounts }, answer] = await Promise.all([api("/accounts"), api("/customers")]);
  customers.clear();
  answer.customers.forEach(remember);
  for (const channel of Object.keys(CHANNELS)) {
    const account = accounts.find((candidate) => candidate.channel === channel);
    if (!account) continue;
    if (!phones.has(channel)) phones.set(channel, new Phone(channel, account.id));
    const phone = phones.get(channel);
    phone.offer(account.kinds);
    if (!account.webhook) continue;
    $("desk").href = `${new URL(account.webhook).origin}/`;
    $("desk").hidden = false;
    const people = phone.people();
    const active = customers.has(phone.active) ? phone.active : people[0]?.id;
    phone.looking = phone.looking && document.visibilityState === "visible";
    if (active) await phone.show(active); else phone.drawPeople();
  }
}

function listen() {
  const events = new EventSource("/control/events");
  events.onmessage = ({ data }) => {
    const news = JSON.parse(data);
    if (news.type === "hello" || news.type === "anew") {
      $("link").dataset.state = "live";
      $("link").textContent = "Live";
      refresh().catch(report);
      return;
    }
    if (news.type === "customer") {
      remember(news.customer);
      phones.get(news.customer.channel)?.drawPeople();
      return;
    }
    const phone = phones.get(customers.get(news.customer)?.channel);
    if (news.type === "message") phone?.take(news.customer, news.message);
    if (news.type === "typing") phone?.showTyping(news.customer, news.on);
  };
  events.onerror = () => { $("link").dataset.state = "lost"; $("link").textContent = "Connection lost, trying again…"; };
}

function tellTime() { for (const clock of document.querySelectorAll(".clock")) clock.textContent = time.format(Date.now()); }

document.addEventListener("visibilitychange", () => phones.forEach((phone) => phone.look()));
setInterval(tellTime, 1000);
listen();
