import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, fakeDevices, openBrowser } from './support/browser.ts';
import { openClient } from './support/client.ts';
import { MARTA, NURIA, SCREEN } from './support/console.ts';
import { follow, press, say, seen, signIn, tabTo } from './support/pages.ts';
import { until } from './support/processes.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';
import {
  bookVideo,
  MARIA,
  ROOM_SIZES,
  roomFaults,
  roomSeen,
  said,
  says,
  seesAll,
  untilSeen,
} from './support/video.ts';

const TIA = 'Tia Remei';
const PAU = 'Pau Serra';
const OFFICE = 'Oficina d’Atenció Ciutadana';
const PHONE: BrowserContextOptions = { locale: 'ca-ES', viewport: { width: 360, height: 740 } };
/** Two cameras each, and a screen that needs no permission prompt. */
const DEVICES = [
  ...fakeDevices('device-count=2,fps=8'),
  '--auto-select-desktop-capture-source=Entire',
];

describe.skipIf(!CHROME)('a call of three and its actions', () => {
  let browser: Browser;
  let town: Town;
  let manage: string;
  let citizen: Page;
  let agent: Page;
  let aunt: Page;
  let marta: Page;
  const all = () => [citizen, agent, aunt];

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    browser = await openBrowser(DEVICES);
    const booked = await bookVideo(openClient(town.origin, 'ca'));
    manage = booked.manage;
    const open = (options: BrowserContextOptions) =>
      browser.newPage({ baseURL: town.origin, ...options });
    [citizen, agent, aunt] = [
      await open(PHONE),
      await open({ ...SCREEN, locale: 'ca-ES' }),
      await open(PHONE),
    ];
    for (const page of all()) page.setDefaultTimeout(25_000);
    await aunt.addInitScript(() => {
      // A browser that plays no sound before a press.
      const { play } = HTMLMediaElement.prototype;
      HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
        if (this.muted || 'isPressed' in window) return play.call(this);
        this.pause();
        return Promise.reject(new DOMException('', 'NotAllowedError'));
      };
      const press = ({ target }: Event) => {
        if ((target as Element).closest('[data-do="hear"]'))
          Object.assign(window, { isPressed: true });
      };
      document.addEventListener('click', press, { capture: true });
    });
    await town.comeTo(Temporal.Instant.from(booked.start).subtract({ minutes: 5 }).toString());
    await signIn(agent, await town.server.access(), NURIA);
  });
  afterAll(async () => {
    await browser?.close();
    await town?.[Symbol.asyncDispose]();
  });

  /** Invites a companion with a page of the citizen's and returns the link. */
  async function invite(page: Page, name: string, role: 'relative' | 'sign_language') {
    await page.goto(`${manage}/companions`);
    await page.getByLabel(say('companions.field.name')).fill(name);
    await page.getByLabel(say(`companions.role.${role}`)).check();
    await press(page, say('companions.invite.button'));
    return page.getByLabel(say('companions.link', { name })).inputValue();
  }

  test('a companion waits at the door, and is let in by the agent: all see each other', async () => {
    const link = await invite(citizen, TIA, 'relative');
    await citizen.goto(`${manage}/room`);
    await press(citizen, say('room.enter'));
    await says(citizen, 'waiting');
    await aunt.goto(link);
    await press(aunt, say('room.enter'));
    await says(aunt, 'waiting');
    expect(await axeFaults(aunt)).toEqual([]);
    await agent.goto('/console/oac');
    await agent
      .getByRole('link', { name: new RegExp(MARIA.name) })
      .first()
      .click();
    await agent.locator('[data-action="begin"]').click();
    await Promise.all([untilSeen(citizen), untilSeen(agent)]);
    expect(await aunt.locator('.room-tile').count()).toBe(0);
    const door = agent.getByRole('alert').filter({ hasText: say('room.door', { name: TIA }) });
    await door.waitFor();
    expect(await axeFaults(agent)).toEqual([]);
    await door.getByRole('button', { name: say('room.admit', { name: TIA }) }).click();
    await Promise.all(all().map((page) => seesAll(page, 2)));
    await citizen.getByText(TIA).first().waitFor();
    for (const page of all()) expect(await axeFaults(page)).toEqual([]);
  });

  /** The room fills the citizen's window without faults at each size. */
  async function fills(): Promise<void> {
    for (const size of ROOM_SIZES) {
      await citizen.setViewportSize(size);
      expect(roomFaults(await roomSeen(citizen)), `${size.width}×${size.height}`).toEqual([]);
    }
    await citizen.setViewportSize({ width: 360, height: 740 });
  }

  test('with two others, everybody is in sight at each size', fills);

  test('where sound needs a press, the pictures move before it', async () => {
    const hear = aunt.getByRole('button', { name: say('room.hear') });
    await hear.waitFor();
    const isMuted = () =>
      aunt
        .locator('.room-tile[data-side] video')
        .evaluateAll((videos) => videos.map((each) => (each as HTMLVideoElement).muted));
    expect(await isMuted()).toEqual([true, true]);
    await seesAll(aunt, 2);
    await hear.click();
    await hear.waitFor({ state: 'detached' });
    await expect.poll(isMuted).toEqual([false, false]);
    await seesAll(aunt, 2);
  });

  test('typed text appears to the others at once, with backspaces; sent messages are kept', async () => {
    await press(citizen, say('room.write.open'));
    await citizen.getByLabel(say('room.write.live')).check();
    const draft = citizen.getByLabel(say('room.write.label'));
    await draft.focus();
    await citizen.keyboard.type('Visc al carrer Nou');
    const captions = (page: Page) => page.locator('.room-captions');
    for (const page of [agent, aunt])
      await captions(page).filter({ hasText: 'Visc al carrer Nou' }).waitFor();
    for (let sign = 0; sign < 3; sign++) await citizen.keyboard.press('Backspace');
    await citizen.keyboard.type('Vell');
    await captions(agent).filter({ hasText: 'Visc al carrer Vell' }).waitFor();
    expect(await axeFaults(agent)).toEqual([]);
    await citizen.keyboard.press('Enter');
    for (const page of all())
      await page.getByRole('log').filter({ hasText: 'Visc al carrer Vell' }).waitFor();
    await expect.poll(() => captions(agent).count()).toBe(0);
    await citizen.reload();
    await citizen.getByRole('log').filter({ hasText: 'Visc al carrer Vell' }).waitFor();
    await Promise.all(all().map((page) => seesAll(page, 2)));
  });

  test('a sign typed at one side is at the other within half a second, by one clock', async () => {
    await agent.evaluate(() => {
      const seenAt: number[] = [];
      Object.assign(window, { seenAt });
      new MutationObserver(() => seenAt.push(Date.now())).observe(
        document.querySelector('.room-view')!,
        {
          ...{ childList: true, subtree: true, characterData: true },
        },
      );
    });
    const live = citizen.getByLabel(say('room.write.live'));
    if (!(await live.isChecked())) await live.check();
    await citizen.getByLabel(say('room.write.label')).focus();
    const times: number[] = [];
    for (const sign of 'zxkwjh') {
      const typed = await citizen.evaluate(() => Date.now());
      await citizen.keyboard.type(sign);
      const text = agent.locator('.room-captions');
      await expect.poll(() => text.textContent().catch(() => ''), { interval: 20 }).toContain(sign);
      const at = await agent.evaluate(
        () => (window as unknown as { seenAt: number[] }).seenAt.at(-1) ?? 0,
      );
      times.push(at - typed);
    }
    console.log(`A sign is seen after ${times.join(', ')} ms (EN 301 549, 6.2.4: 500)`);
    await citizen.keyboard.press('Enter');
  });

  test('a signer is shown large, and a short remark doesn’t change it', async () => {
    await press(citizen, say('room.more'));
    await press(citizen, say('room.signing.on'));
    await agent.locator('.room-tile.signing.first').filter({ hasText: MARIA.name }).waitFor();
    await press(citizen, say('room.signing.on'));
    await expect.poll(() => agent.locator('.room-tile.signing').count()).toBe(0);
    await press(agent, say('room.more'));
    await press(agent, say('room.hold.on'));
    const asks = say('room.held.theirs', { name: 'Núria' });
    await expect.poll(() => said(citizen)).toContain(asks);
    await expect.poll(() => said(agent)).toContain(say('room.held.mine'));
    expect(await axeFaults(citizen)).toEqual([]);
    await press(agent, say('room.hold.off'));
    await expect.poll(() => said(citizen)).not.toContain(asks);
    await Promise.all(all().map((page) => seesAll(page, 2)));
  });

  test('another camera, chosen in the call, and the first again', async () => {
    const cameras = agent.getByLabel(say('room.device.camera'));
    const used = () =>
      agent
        .locator('.room-me video')
        .evaluate(
          (video: HTMLVideoElement) =>
            (video.srcObject as MediaStream | null)?.getVideoTracks()[0]?.getSettings().deviceId,
        );
    const [first, other] = await cameras
      .locator('option')
      .evaluateAll((options) => options.map((each) => (each as HTMLOptionElement).value));
    await expect.poll(used).toBe(first);
    await cameras.selectOption(other ?? '');
    await expect.poll(used).toBe(other);
    // A fake camera that began later is behind the first one's clock, so its pictures are dropped on the way: back, they come.
    await cameras.selectOption(first ?? '');
    await expect.poll(used).toBe(first);
    await Promise.all(all().map((page) => seesAll(page, 2)));
  });

  test('a window is shown beside the camera', async () => {
    await press(agent, say('room.share.on'));
    await citizen.getByText(say('room.share.theirs', { name: 'Núria' })).waitFor();
    // A still screen is sent once.
    for (const page of [citizen, aunt])
      await until('the window is shown', () =>
        page
          .locator('.room-tile:not([data-side]) video')
          .evaluate(
            (video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames > 0,
          ),
      );
    expect(await axeFaults(citizen)).toEqual([]);
    await fills();
    await press(agent, say('room.share.off'));
    await seesAll(citizen, 2);
  });

  test('a picture of a document is kept once the citizen has said yes on their screen', async () => {
    await press(agent, say('room.still.ask'));
    await citizen.getByText(say('room.still.question', { name: 'Núria' })).waitFor();
    expect(await aunt.getByRole('button', { name: say('room.still.yes') }).count()).toBe(0);
    expect(await axeFaults(citizen)).toEqual([]);
    await press(citizen, say('room.still.yes'));
    await press(agent, say('room.still.take'));
    await expect.poll(() => said(agent)).toContain(say('room.still.kept'));
    const kept = await town.look((tx) =>
      tx.selectFrom('document').select(['kind', 'state']).where('kind', '=', 'evidence').execute(),
    );
    expect(kept).toHaveLength(1);
  });

  test('with the keyboard alone: muted, written, left and come back', async () => {
    await aunt.locator('.room-said').focus();
    const go = async (name: string) => {
      await tabTo(aunt, name);
      await aunt.keyboard.press('Enter');
    };
    await go(say('room.microphone.off'));
    await agent.getByText(say('room.them.mute')).waitFor();
    await tabTo(aunt, 'room-draft');
    await aunt.keyboard.type('Sóc la Remei');
    await aunt.keyboard.press('Enter');
    // The agent has another panel open: the words are shown, and the panel stays.
    await expect.poll(() => said(agent)).toContain('Sóc la Remei');
    await press(agent, say('room.write.open'));
    await agent.getByRole('log').filter({ hasText: 'Sóc la Remei' }).waitFor();
    await expect.poll(() => said(agent)).not.toContain('Sóc la Remei');
    await go(say('room.leave'));
    await says(aunt, 'left');
    await expect.poll(() => citizen.locator('.room-tile').count()).toBe(1);
    await go(say('room.enter'));
    await Promise.all(all().map((page) => seesAll(page, 2)));
  });

  test('an interpreter who signs is large at once, with all three others in sight', async () => {
    const page = await browser.newPage({ ...PHONE, baseURL: town.origin });
    await page.goto(await invite(page, PAU, 'sign_language'));
    await press(page, say('room.enter'));
    const door = agent.getByRole('alert').filter({ hasText: say('room.door', { name: PAU }) });
    await door.getByRole('button', { name: say('room.admit', { name: PAU }) }).click();
    await citizen.locator('.room-tile.signing.first').filter({ hasText: PAU }).waitFor();
    await seesAll(citizen, 3);
    await fills();
    await press(page, say('room.more'));
    await press(page, say('room.signing.on'));
    await expect.poll(() => citizen.locator('.room-tile.first').count()).toBe(0);
    await fills();
    await page.close();
    await expect.poll(() => citizen.locator('.room-tile').count()).toBe(2);
  });

  test('the agent goes on by phone: the citizen’s page tells it at once', async () => {
    await press(agent, say('room.more'));
    await press(agent, say('room.desk.phone'));
    const text = say('room.by_phone.agent', { name: 'Núria', phone: '612 34 56 78' });
    const plain = (words: string | null) => (words ?? '').replaceAll('\u00a0', ' ');
    await expect.poll(async () => plain(await said(citizen))).toContain(text);
    await expect.poll(() => said(aunt)).toContain(say('room.by_phone.companion'));
  });

  test('a companion whose link is revoked is out at once; the others are not disturbed', async () => {
    const page = await browser.newPage({ ...PHONE, baseURL: town.origin });
    await page.goto(`${manage}/companions`);
    await page.getByText(say('companions.revoke.whose', { name: TIA })).click();
    await press(page, say('companions.revoke'));
    await says(aunt, 'over');
    await Promise.all([seesAll(citizen, 1), seesAll(agent, 1)]);
    expect((await aunt.reload())?.status()).toBe(404);
    await page.close();
  });

  test('a colleague is asked in by the agent, comes from their own console, and is named to the citizen before', async () => {
    marta = await browser.newPage({ ...SCREEN, locale: 'ca-ES', baseURL: town.origin });
    marta.setDefaultTimeout(25_000);
    await signIn(marta, await town.server.access(), MARTA);
    await citizen.evaluate(() => {
      const words: string[] = [];
      Object.assign(window, { words });
      const said = document.querySelector('.room-said')!;
      const note = () =>
        words.push(`${document.querySelectorAll('.room-tile').length} ${said.textContent}`);
      new MutationObserver(note).observe(said, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await follow(agent, say('colleagues.ask.title'));
    await agent.getByLabel('Marta Soler').check();
    await agent.getByLabel(say('colleagues.note')).fill('Pregunta per les obres');
    expect(await axeFaults(agent)).toEqual([]);
    await press(agent, say('colleagues.submit.join'));
    await marta.getByText('Pregunta per les obres').waitFor();
    expect(await axeFaults(marta)).toEqual([]);
    await agent.getByRole('heading', { name: say('colleagues.title') }).waitFor();
    await press(marta, say('colleagues.waiting.yes.join'));
    await Promise.all([citizen, agent, marta].map((page) => seesAll(page, 2)));
    const joins = say('room.coming', { name: 'Marta', office: OFFICE });
    const words = await citizen.evaluate(() => (window as unknown as { words: string[] }).words);
    expect(words.some((each) => each.startsWith('1 ') && each.includes(joins))).toBe(true);
    const people = citizen.locator('.room-people');
    await people.filter({ hasText: `Marta (${OFFICE})` }).waitFor();
    await agent.locator('#colleagues').getByText(say('colleagues.state.join.in')).waitFor();
    for (const page of [citizen, agent, marta]) expect(await axeFaults(page)).toEqual([]);
  });

  test('the colleague sees and talks, and has nothing else of the appointment', async () => {
    const main = await seen(marta);
    expect(main).toContain(say('colleagues.call.title', { name: MARIA.name }));
    expect(main).not.toContain(say('staff.encounter.title'));
    expect(main).not.toContain(say('documents.desk.title'));
    await agent.getByRole('button', { name: say('colleagues.letGo') }).click();
    // The room's last message may already have given way to the page that follows it.
    await marta.getByRole('heading', { name: say('colleagues.call.over.title') }).waitFor();
    await Promise.all([seesAll(citizen, 1), seesAll(agent, 1)]);
  });

  test('the encounter is handed over, and the citizen stays in the room with the new agent', async () => {
    await marta.goto('/console/oac');
    await follow(agent, say('colleagues.handOver.title'));
    await agent.getByLabel('Marta Soler').check();
    await press(agent, say('colleagues.submit.hand_over'));
    const [asked = ''] = say('colleagues.state.hand_over.asked', { time: '\n' }).split('\n');
    await agent.locator('#colleagues').getByText(asked).waitFor();
    await press(marta, say('colleagues.waiting.yes.hand_over'));
    // Nobody goes in by themselves after somebody asked to go on by telephone.
    await press(marta, say('room.desk.enter'));
    await Promise.all([citizen, marta].map((page) => seesAll(page, 1)));
    const handed = say('room.handed', { from: 'Núria', to: 'Marta' });
    // What the room says leaves after a while: both are read at once.
    await Promise.all([
      expect.poll(() => said(citizen)).toContain(handed),
      expect.poll(() => said(agent)).toContain(say('room.said.handed')),
    ]);
    await citizen.locator('.room-tile[data-side="agent"]').filter({ hasText: 'Marta' }).waitFor();
    await marta.getByRole('heading', { name: say('staff.encounter.title') }).waitFor();
    for (const page of [citizen, agent, marta]) expect(await axeFaults(page)).toEqual([]);
  });

  test('afterwards the appointment has the messages, and the quality of the call', async () => {
    await press(marta, say('room.write.open'));
    expect(await seen(marta)).toContain('Visc al carrer Vell');
    await citizen.close();
    await until('both sides have told how it went', async () => {
      const told = await town.look((tx) =>
        tx.selectFrom('call_quality').select(['side', 'whom', 'seconds']).execute(),
      );
      return ['agent', 'citizen', 'companion'].every((side) =>
        told.some((each) => each.side === side && each.seconds > 0),
      );
    });
  });
});
