// The rules run in browsers too, where there are no buffers.
export { type CleanPhoto, cleanPhoto } from './cleaning.ts';
export { readPhoto } from './rules.ts';
