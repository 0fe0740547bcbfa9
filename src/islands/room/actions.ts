import type { Room } from './ctrl.ts';
import type { RoomActions } from './page.ts';
import { refresh } from './view/framed.tsx';

/** Returns the actions of a room for its view. */
export function actionsOf(room: Room): RoomActions {
  const { page, own, writing, captions } = room;
  return {
    enter: () => void room.enter(),
    leave: () => room.leave(),
    toggle: (kind) => void own.toggle(kind),
    nextCamera: () => void own.nextCamera(),
    choose: (kind, id) => {
      if (kind === 'speaker') room.setSpeaker(id);
      else void own.choose(kind, id);
    },
    setBlur: (isOn) => void own.setBlur(isOn),
    setHold: (isOn) => room.setHold(isOn),
    setSigning: (isOn) => room.setSigning(isOn),
    moveMe: (corner) => room.moveMe(corner),
    open: (panel) => {
      refresh(panel);
      room.openPanel(panel);
    },
    closePanel: () => room.closePanel(),
    share: () => room.share(),
    hear: () => void room.hear(),
    admit: async ({ companion }) => {
      await post(`${page.base.replace(/room$/, '')}companion/${companion}/admit`);
      document.dispatchEvent(new Event('console:company'));
    },
    askStill: () => void post(`${page.base}/still`),
    answerStill: (answer) => void post(`${page.base}/still`, { answer }),
    declineIdentity: () => void post(`${page.base}/identify`),
    takePicture: () => void room.takePicture(),
    phone: () => void post(`${page.base}/phone`),
    type: (draft) => writing.type(draft),
    setLive: (isOn) => writing.setLive(isOn),
    send: () => writing.send(),
    mayClose: () => {
      if (writing.mayClose()) return true;
      room.openPanel('write');
      return false;
    },
    askCaptions: (isOn) => captions.ask(isOn),
    agreeCaptions: (agrees) => captions.agree(agrees),
  };
}

const post = (url: string, fields: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  }).catch(() => null);
