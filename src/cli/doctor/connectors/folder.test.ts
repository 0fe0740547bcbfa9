import { expect, test } from 'vitest';
import type { FolderSettings } from '../../../domain/office/connectors/folder.ts';
import { aboutFolder } from './folder.ts';

const HUB: FolderSettings = {
  ...{ kind: 'hub', ine10: '0899990001', isTrial: false },
  ...{ certificates: ['A7'.repeat(32)], addresses: ['157.97.64.126'] },
};
const CONFIG = { baseUrl: 'https://cita.example.cat', folderSecret: 's', declaredProxies: 1 };

test('the hub of folders is looked at where the town file has one', () => {
  const stateOf = (
    own: Partial<FolderSettings>,
    config: Partial<typeof CONFIG> | { folderSecret: null },
  ) => aboutFolder({ ...HUB, ...own }, { ...CONFIG, ...config }).map((each) => each.state);
  expect(aboutFolder(undefined, CONFIG)).toEqual([]);
  expect(stateOf({}, {})).toEqual(['right']);
  expect(stateOf({}, { folderSecret: null })).toEqual(['wrong']);
  expect(stateOf({}, { declaredProxies: 0 })).toEqual(['wrong']);
  expect(stateOf({ addresses: [] }, { declaredProxies: 0 })).toEqual(['right']);
  expect(stateOf({ isTrial: true }, { folderSecret: null })).toEqual(['warning']);
});
