export * from './types/web/clipwright.js';
export type * from './types/web/protocol.gen.js';
