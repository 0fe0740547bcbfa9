/** Milliseconds until another try after a refusal; twice as many after each further one, up to a minute. */
const AGAIN_MS = 3_000;
const MOST_MS = 60_000;

/**
 * Follows a stream of events for as long as the page is there. The browser itself reconnects when a connection breaks, but gives up when the
 * answer is an error, as while the service is started again: then another one is made.
 * @param add adds the listeners to each connection
 * @returns what ends it
 */
export function followSteadily(url: string, add: (source: EventSource) => void): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = AGAIN_MS;
  function listen(): void {
    const made = new EventSource(url);
    source = made;
    add(made);
    made.addEventListener('open', () => {
      wait = AGAIN_MS;
    });
    made.addEventListener('error', () => {
      if (made.readyState !== EventSource.CLOSED || source !== made) return;
      // Not all at once.
      timer = setTimeout(listen, wait * (1 + Math.random()));
      wait = Math.min(2 * wait, MOST_MS);
    });
  }
  listen();
  return () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
}

/** Follows a stream while the page is shown: a browser may keep a page that was left, and show it again as it was. */
export function followWhileShown(url: string, add: (source: EventSource) => void): void {
  let stop = followSteadily(url, add);
  addEventListener('pagehide', () => stop());
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) stop = followSteadily(url, add);
  });
}
