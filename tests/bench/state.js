// What the page knows, and how it changes: the list of conversations, the lines of those that were opened, and which one is open.

export const start = { conversations: [], lines: {}, open: null };

/** Messages of one side at most this far apart are one turn, as on the desk: two minutes. */
const TURN = 120_000;

/** The conversation that the address names. */
export function opened() {
  return location.pathname.match(/^\/chat\/(.+)$/)?.[1] ?? null;
}

export function reduce(state, action) {
  switch (action.type) {
    case "told":
      return { ...state, conversations: action.desk, open: action.open };
    case "opened":
      return { ...state, open: action.id, conversations: unread(state.conversations, action.id, () => 0) };
    case "fetched":
      return { ...state, lines: { ...state.lines, [action.id]: action.lines } };
    case "said":
      return said(state, action.conversation, action.line);
    default:
      return state;
  }
}

/** A new line: at the end of its conversation where that was fetched, and unread where it is not open. */
function said(state, id, line) {
  const held = state.lines[id];
  const lines = held ? { ...state.lines, [id]: [...held, line] } : state.lines;
  if (id === state.open) return { ...state, lines };
  return { ...state, lines, conversations: unread(state.conversations, id, (count) => count + 1) };
}

function unread(conversations, id, change) {
  return conversations.map((one) => (one.id === id ? { ...one, unread: change(one.unread) } : one));
}

/** The lines with their places in their turns. */
export function turns(lines) {
  return lines.map((line, at) => {
    const first = !together(lines[at - 1], line);
    const last = !together(line, lines[at + 1]);
    const position = first ? (last ? "single" : "first") : last ? "last" : "normal";
    return { line, position, last };
  });
}

function together(above, below) {
  return above !== undefined && below !== undefined && above.mine === below.mine && below.at - above.at <= TURN;
}
