import { segment } from '../documents/checks/testing/files.ts';

/** What a camera says of how it was held: an Exif segment with that alone, in either order of bytes. */
export function exif(orientation: number, isLittle = true): Buffer {
  const number = (value: number, bytes: number) => {
    const buffer = Buffer.alloc(bytes);
    if (isLittle) buffer.writeUIntLE(value, 0, bytes);
    else buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  const tiff = Buffer.concat([
    ...[Buffer.from(isLittle ? 'II' : 'MM'), number(42, 2), number(8, 4), number(1, 2)],
    ...[number(0x0112, 2), number(3, 2), number(1, 4), number(orientation, 2), number(0, 2)],
    number(0, 4),
  ]);
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff]));
}
