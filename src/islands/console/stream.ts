/** An event, worded as in `src/web/console/event-words.ts`. */
export interface NewsSaid {
  appointment: string;
  kind: string;
  text: string;
  days: string[];
}

/** What changed in conversations in writing: in one of them, or, without an id, in the line. */
export interface ChatsSaid {
  chat?: string;
  /** Its person is writing just now. */
  isTyping?: boolean;
}

interface Listener {
  /** The stream is complete from here on. */
  hello(): void;
  /** Another tab already has the stream, and may have passed on events since this page was made. */
  joined(): void;
  news(news: NewsSaid): void;
  /** A desk's state has changed. */
  presence(): void;
  lost(): void;
  /** The server's answer was not a stream. */
  refused(): void;
}

type Message =
  | { type: 'hello' | 'presence' | 'lost' | 'refused'; id: string }
  | { type: 'news'; id: string; news: NewsSaid }
  | { type: 'chats'; id: string; chats: ChatsSaid };

const AGAIN_MS = 10_000;

/**
 * One stream for all tabs of a browser, which has few connections: the tab with the lock has the stream and passes on its events. Without
 * locks (a page without HTTPS) each tab has its own stream.
 */
export class SharedNews {
  readonly #url: string;
  readonly #name: string;
  readonly #to: Listener;
  readonly #others: BroadcastChannel;
  #letGo = () => {};
  readonly #held = new Promise<void>((resolve) => {
    this.#letGo = resolve;
  });
  /** The event after which the next stream continues: at first, the one at which the page was made. */
  #last: string;
  #source: EventSource | null = null;
  #isStopped = false;

  constructor(live: HTMLElement, to: Listener) {
    this.#url = live.dataset.stream ?? '';
    this.#name = `finestreta ${live.dataset.share}`;
    this.#last = live.dataset.after ?? '';
    this.#to = to;
    this.#others = new BroadcastChannel(this.#name);
  }

  open(): void {
    this.#others.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#hear(data));
    if (!navigator.locks) {
      this.#listen();
      return;
    }
    void navigator.locks.request(this.#name, { ifAvailable: true }, (lock) => {
      if (lock) return this.#take();
      if (!this.#isStopped) this.#to.joined();
      void navigator.locks.request(this.#name, () => this.#take());
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#source?.close();
    this.#others.close();
    this.#letGo();
  }

  /** Keeps the stream until the tab closes or stops. */
  #take(): Promise<void> | undefined {
    if (this.#isStopped) return;
    this.#listen();
    return this.#held;
  }

  #listen(): void {
    if (this.#isStopped) return;
    const source = new EventSource(`${this.#url}${this.#last ? `?after=${this.#last}` : ''}`);
    this.#source = source;
    source.addEventListener('hello', ({ lastEventId: id }) => this.#pass({ type: 'hello', id }));
    source.addEventListener('news', ({ lastEventId: id, data }) =>
      this.#pass({ type: 'news', id, news: JSON.parse(data) as NewsSaid }),
    );
    source.addEventListener('chats', ({ data }) =>
      this.#pass({ type: 'chats', id: '', chats: JSON.parse(data) as ChatsSaid }),
    );
    source.addEventListener('presence', () => this.#pass({ type: 'presence', id: '' }));
    source.addEventListener('error', () => {
      const isOver = source.readyState === EventSource.CLOSED;
      this.#pass({ type: isOver ? 'refused' : 'lost', id: '' });
      // The browser reconnects by itself, except after a refusal.
      if (isOver) setTimeout(() => this.#listen(), AGAIN_MS);
    });
  }

  #pass(message: Message): void {
    if (navigator.locks) this.#others.postMessage(message);
    this.#hear(message);
  }

  #hear(message: Message): void {
    if (message.id) this.#last = message.id;
    if (message.type === 'news') {
      // The alerts are on every page, whatever else it listens for.
      document.dispatchEvent(new Event('console:news'));
      this.#to.news(message.news);
    } else if (message.type === 'chats') tellChats(message.chats);
    else {
      // Something may have been missed.
      if (message.type === 'hello') tellChats({});
      this.#to[message.type]();
    }
  }
}

/** Conversations are beside every page, whatever else it listens for. */
export const tellChats = (detail: ChatsSaid): boolean =>
  document.dispatchEvent(new CustomEvent<ChatsSaid>('console:chats', { detail }));
