// The page the desk is measured beside: a desk of a few conversations, made of chatscope's kit for React as its own
// examples make one. What does not change is not drawn again: rows and lines are memoised, and a new line is one more.
// The kit draws every line of a conversation, however many there are.

import { memo, useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import { createRoot } from "react-dom/client";
import {
  ChatContainer,
  Conversation,
  ConversationHeader,
  ConversationList,
  MainContainer,
  Message,
  MessageInput,
  MessageList,
  Sidebar,
} from "@chatscope/chat-ui-kit-react";
import "@chatscope/chat-ui-kit-styles/dist/default/styles.min.css";
import { opened, reduce, start, turns } from "./state.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });

/** A conversation in the list. */
const Entry = memo(function Entry({ id, name, unread, active, onOpen }) {
  return (
    <Conversation
      name={name}
      unreadCnt={unread}
      active={active}
      data-conversation={id}
      onClick={() => onOpen(id)}
    />
  );
});

/** A message; the last one of a turn says when it was sent. */
const Line = memo(function Line({ text, at, mine, position, last }) {
  const model = { message: text, type: "text", direction: mine ? "outgoing" : "incoming", position };
  return (
    <Message model={model}>{last && <Message.Footer sentTime={clock.format(at)} />}</Message>
  );
});

/** The open conversation: its messages and the composer. */
function Chat({ id, name, lines, onSend }) {
  const rows = useMemo(() => turns(lines ?? []), [lines]);
  return (
    <ChatContainer>
      <ConversationHeader>
        <ConversationHeader.Content userName={name} />
      </ConversationHeader>
      <MessageList loading={lines === undefined}>
        {rows.map(({ line, position, last }) => (
          <Line key={line.id} text={line.text} at={line.at} mine={line.mine} position={position} last={last} />
        ))}
      </MessageList>
      <MessageInput
        placeholder="Write a message"
        attachButton={false}
        onSend={(_html, text) => onSend(id, text)}
      />
    </ChatContainer>
  );
}

function Desk() {
  const [state, dispatch] = useReducer(reduce, start);
  const socket = useRef(null);

  useEffect(() => {
    const ask = new AbortController();
    fetch("/api/desk", { signal: ask.signal })
      .then((answer) => answer.json())
      .then((desk) => dispatch({ type: "told", desk, open: opened() }))
      .catch(ignoreAbort);
    const line = new WebSocket(`ws://${location.host}/api/socket`);
    line.onmessage = ({ data }) => dispatch({ type: "said", ...JSON.parse(data) });
    socket.current = line;
    return () => {
      ask.abort();
      line.close();
    };
  }, []);

  const { open, conversations, lines } = state;
  const missing = open !== null && lines[open] === undefined;
  useEffect(() => {
    if (!missing) return undefined;
    const ask = new AbortController();
    fetch(`/api/conversations/${open}`, { signal: ask.signal })
      .then((answer) => answer.json())
      .then((fetched) => dispatch({ type: "fetched", id: open, lines: fetched }))
      .catch(ignoreAbort);
    return () => ask.abort();
  }, [open, missing]);

  const onOpen = useCallback((id) => {
    history.pushState(null, "", `/chat/${id}`);
    dispatch({ type: "opened", id });
  }, []);
  const onSend = useCallback((conversation, text) => {
    socket.current?.send(JSON.stringify({ conversation, text }));
  }, []);

  const here = conversations.find(({ id }) => id === open);
  return (
    <MainContainer>
      <Sidebar position="left">
        <ConversationList>
          {conversations.map(({ id, name, unread }) => (
            <Entry key={id} id={id} name={name} unread={unread} active={id === open} onOpen={onOpen} />
          ))}
        </ConversationList>
      </Sidebar>
      {here && <Chat key={here.id} id={here.id} name={here.name} lines={lines[here.id]} onSend={onSend} />}
    </MainContainer>
  );
}

function ignoreAbort(error) {
  if (error.name !== "AbortError") throw error;
}

createRoot(document.getElementById("desk")).render(<Desk />);
