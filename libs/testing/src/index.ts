export { LedgerInMemory } from './ledger-in-memory.js';
export { refusalOf } from './refusal-of.js';
export { startServers } from './start-servers.js';
export type { TestServers } from './start-servers.js';
export { startStack } from './start-stack.js';
export type { TestStack, TestStackOptions } from './start-stack.js';
export { testService } from './test-service.js';
export type { TestService, TestServiceOptions } from './test-service.js';
