import type { Notifier } from '../../../../lib/notifier.ts';

/** Tells pages of a case that something of it has changed, in whichever process. */
export interface CaseNews {
  /** Calls `changed` after each change of the answers, and of what is asked to be confirmed. Returns the function that stops it. */
  follow(of: { office: number; id: string }, changed: () => void): () => void;
}

export function createCaseNews(notifier: Pick<Notifier, 'listen' | 'listenToTopics'>): CaseNews {
  return {
    follow({ office, id }, changed) {
      const stops = [
        notifier.listenToTopics((of, about) => {
          if (of === office && about === id) changed();
        }),
        // Some may have been missed.
        notifier.listen((of) => {
          if (of === null) changed();
        }),
      ];
      return () => {
        for (const each of stops) each();
      };
    },
  };
}
