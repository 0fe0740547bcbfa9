export { relink } from './relinking.ts';
export { insertOpening, removeOpening, replaceOpening } from './store.ts';
