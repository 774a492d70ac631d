export { startServers } from './start-servers.js';
export type { TestServers } from './start-servers.js';
export { testService } from './test-service.js';
export type { TestService, TestServiceOptions } from './test-service.js';
