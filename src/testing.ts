export { type CharmMetadata, readMetadata } from './metadata/charm-metadata.ts';
export { type ConfigOptions, readConfigOptions } from './metadata/config-options.ts';
export { equalAsPython } from './store/python-json.ts';
export { SqliteStore, type SqliteStoreOptions } from './store/sqlite-store.ts';
export { type MemoryModel, type MemoryRelation, MemoryTools } from './tools/memory-tools.ts';
