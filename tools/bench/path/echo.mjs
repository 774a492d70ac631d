/**
 * The least that HTTP over NATS can be: Fastify and the NATS client, and a subscription that sends back what it gets.
 *
 *   node echo.mjs gateway|service      with GANGLION_NATS_URL, GANGLION_NATS_TOKEN, and GANGLION_PORT for the gateway
 */
import { connect } from '@nats-io/transport-node';
import fastify from 'fastify';

const SUBJECT = 'bench.echo';
const [role] = process.argv.slice(2);
const nats = await connect({
  servers: String(process.env['GANGLION_NATS_URL']),
  token: String(process.env['GANGLION_NATS_TOKEN']),
});

if (role === 'service') {
  nats.subscribe(SUBJECT, {
    queue: 'echo',
    callback: (_error, message) => void message.respond(message.data),
  });
  await nats.flush();
} else {
  const server = fastify();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  server.post('/echo', async (request, reply) => {
    const answer = await nats.request(SUBJECT, /** @type {Buffer} */ (request.body), { timeout: 10_000 });
    return reply.type('application/json').send(Buffer.from(answer.data));
  });
  await server.listen({ port: Number(process.env['GANGLION_PORT']), host: '127.0.0.1' });
}
process.send?.('ready');
process.once('disconnect', () => process.exit());
