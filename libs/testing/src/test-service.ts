import type { Capability, InputOf, OutputOf } from '@ganglion/contracts/capability';
import { Caller, type CallOrigin } from '@ganglion/service-kit/caller';
import type { Kit } from '@ganglion/service-kit/kit';
import { startService } from '@ganglion/service-kit/start-service';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';

/** What a service under test is made of. */
export interface TestServiceOptions {
  /** Nest controllers with `@Handles` methods; all of one service. */
  readonly controllers: readonly Type[];
  readonly providers?: readonly Provider[];
  /** Modules that they need, such as `ModelModule.of(…)`. */
  readonly imports?: readonly (Type | DynamicModule)[];
  /** Name of the service that the controllers' capabilities belong to. */
  readonly name: string;
  /** Of `startServers()`, with what the test sets beside it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A service that runs in the test's own process, on real NATS, exactly as `bootstrap()` runs it. */
export interface TestService {
  readonly kit: Kit;
  readonly adminUrl: string;
  /** Calls over NATS. */
  call<C extends Capability>(capability: C, input: InputOf<C>, origin?: CallOrigin): Promise<OutputOf<C>>;
  stop(): Promise<void>;
}

/**
 * Starts a service for a test; the test stops it.
 *
 * @example const service = await testService({ name: 'echo', controllers: [EchoHandler], environment: servers.environment });
 *          await service.call(echo, { text: 'hello' });
 */
export async function testService(options: TestServiceOptions): Promise<TestService> {
  const { name, controllers, providers = [], imports = [], environment } = options;

  class TestModule {}
  Module({ imports: [...imports], controllers: [...controllers], providers: [...providers] })(TestModule);

  const source = { GANGLION_LOG_LEVEL: 'silent', GANGLION_ADMIN_PORT: '0', ...environment };
  const definition = { name, version: '0.0.0', summary: 'A service under test.', module: TestModule };
  const service = await startService(definition, source);
  const caller = new Caller(service.kit.nats, service.kit.blobs);
  return {
    kit: service.kit,
    adminUrl: `http://127.0.0.1:${service.adminPort}`,
    call: (capability, input, origin) => caller.call(capability, input, origin),
    stop: () => service.stop(),
  };
}
