import { randomUUID } from 'node:crypto';
import type { Context } from '../context.ts';
import type { Office } from '../domain/office/types.ts';
import type { StaffViewer } from '../lib/viewer.ts';
import { readAgents } from './desks.ts';

/** What somebody writes, one line after each answer of the desk. */
export interface ChatScript {
  topic: string;
  name: string;
  lines: readonly string[];
}

type Deps = Pick<Context, 'chats' | 'chatDesk' | 'offices' | 'database' | 'staff'>;

interface Chatter {
  office: number;
  chat: string;
  script: ChatScript;
  /** How many lines are written. */
  written: number;
  /** The number of the last line that they have read. */
  read: number;
}

/** Whoever is at a desk and did something in the last minutes is there to chat. */
const THERE_MINUTES = 15;
/** After so many turns whoever nobody answers goes away. */
const PATIENCE = 240;

/** The people who chat in the demo. */
export interface Chatters {
  begin(office: Office, script: ChatScript): Promise<boolean>;
  goOn(): Promise<void>;
}

export function createChatters(deps: Deps): Chatters {
  let all: (Chatter & { turns: number })[] = [];
  return {
    async begin(office, script) {
      const [text = ''] = script.lines;
      const { topic, name } = script;
      const asked = { key: randomUUID(), topic, name, text, language: 'ca' } as const;
      const begun = await deps.chats.begin(office, asked);
      if (!begun.ok) return false;
      all.push({ office: office.id, chat: begun.id, script, written: 1, read: 0, turns: 0 });
      return true;
    },
    async goOn() {
      for (const each of all) {
        each.turns++;
        const office = await deps.offices.byId(each.office);
        await leaveToPeople(deps, office);
        if (!(await turn(deps, office, each))) each.turns = PATIENCE;
      }
      all = all.filter(({ turns }) => turns < PATIENCE);
    },
  };
}

/** They stay, and answer what the desk wrote. Returns false once it is over. */
async function turn(deps: Deps, office: Office, one: Chatter): Promise<boolean> {
  const viewer = { kind: 'chatting', chat: one.chat } as const;
  await deps.chats.stay(viewer, office);
  const seen = await deps.chats.look(viewer, office, one.read);
  if (!seen || seen.chat.state === 'ended' || seen.chat.state === 'left') return false;
  const words = seen.entries.filter(({ side, kind }) => side === 'office' && kind === 'words');
  one.read = Math.max(one.read, ...seen.entries.map(({ number }) => number));
  const next = one.script.lines[one.written];
  if (words.length === 0 || next === undefined) return true;
  const written = { key: randomUUID(), text: next, language: 'ca' } as const;
  await deps.chats.write(viewer, office, written);
  one.written++;
  return true;
}

/** Has desks with nobody real at them leave what they are offered, while somebody real is at another. */
async function leaveToPeople(deps: Deps, office: Office): Promise<void> {
  const there = await deps.staff.seenLately(THERE_MINUTES);
  const agents = [...(await readAgents(deps, office)).values()];
  if (!agents.some(({ staff }) => there.has(staff))) return;
  for (const agent of agents.filter(({ staff }) => !there.has(staff)))
    await declineAll(deps, office, agent);
}

async function declineAll({ chatDesk }: Deps, office: Office, agent: StaffViewer): Promise<void> {
  const list = await chatDesk.list(agent, office);
  const offered = (list?.own ?? []).filter(({ state }) => state === 'offered');
  for (const { id } of offered) await chatDesk.decline(agent, office, id);
}
