import { signFor } from '../../features/service/device/rules.ts';
import {
  DEVICE_PARTS,
  type DeviceTest,
  type Family,
  type System,
} from '../../features/service/device/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { Tag } from '../../ui/parts.tsx';

/** Names that are the same in every language. */
const FAMILY_NAMES: Record<Exclude<Family, 'other'>, string> = {
  chrome: 'Chrome',
  edge: 'Edge',
  samsung: 'Samsung Internet',
  opera: 'Opera',
  firefox: 'Firefox',
  safari: 'Safari',
};
const SYSTEM_NAMES: Record<Exclude<System, 'other' | 'ios'>, string> = {
  android: 'Android',
  mac: 'Mac',
  windows: 'Windows',
  linux: 'Linux',
};

export function formatBrowser(
  t: Translate,
  { family, system }: Pick<DeviceTest, 'family' | 'system'>,
): string {
  return t('device.browser', {
    browser: family === 'other' ? t('device.family.other') : FAMILY_NAMES[family],
    system:
      system === 'other' || system === 'ios' ? t(`device.system.${system}`) : SYSTEM_NAMES[system],
  });
}

/** Each part of a device with a sign and a word. */
export function TestFindings({ t, test }: { t: Translate; test: DeviceTest }) {
  return (
    <ul class="unmarked">
      {DEVICE_PARTS.map((part) => {
        const found = test[part] === 'untested' ? null : test[part];
        return (
          <li key={part}>
            {t(`device.${part}`)}{' '}
            <Tag kind={found === null ? 'plain' : signFor(found)}>
              {found === null ? t('device.desk.untested') : t(`device.found.${found}`)}
            </Tag>
          </li>
        );
      })}
    </ul>
  );
}
