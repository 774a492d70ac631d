import type { Session } from '../engine.js';
import { loadEngine } from '../engines/load-engine.js';
import { toWireError, type HostReply, type HostRequest } from './host-protocol.js';

/** The way back from inside of a host. */
export interface ServerPort {
  send(reply: HostReply): void;
  /** Ends the host once what was sent has left. */
  close(): void;
}

/** Wraps all that computes, so that its host can tell when it does. */
export type Compute = <T>(work: () => Promise<T>) => Promise<T>;

/** The inside of a host, thread or process alike: holds one session and answers what it is asked. */
export class SessionServer {
  private session: Session | null = null;

  constructor(
    private readonly port: ServerPort,
    private readonly compute: Compute = (work) => work(),
  ) {}

  async answer(request: HostRequest): Promise<void> {
    switch (request.kind) {
      case 'load':
        return this.load(request);
      case 'run':
        return this.run(request);
      case 'dispose':
        await this.session?.dispose();
        return this.port.close();
    }
  }

  private async load({ model, settings }: HostRequest & { kind: 'load' }): Promise<void> {
    try {
      const engine = await loadEngine(model.engine);
      this.session = await this.compute(() => engine.load(model, settings));
      const { inputs, outputs, device } = this.session;
      this.port.send({ kind: 'loaded', inputs, outputs, device });
    } catch (error) {
      this.port.send({ kind: 'refused', error: toWireError(error) });
    }
  }

  private async run({ id, inputs }: HostRequest & { kind: 'run' }): Promise<void> {
    const { session } = this;
    if (session === null) throw new Error('A run came before the model.');
    try {
      this.port.send({ kind: 'ran', id, outputs: await this.compute(() => session.run(inputs)) });
    } catch (error) {
      this.port.send({ kind: 'failed', id, error: toWireError(error) });
    }
  }
}
