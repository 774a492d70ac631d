import { ServiceError } from '@ganglion/contracts/errors';
import { AddressDenied, type AddressGuard } from '@ganglion/service-kit/outbound/address-guard';

/**
 * Checks a webhook's URL when it is set. What its name resolves to is checked again at each delivery.
 *
 * @returns The URL in its one spelling, which is ASCII.
 * @throws ServiceError `invalid_input` for http to a public address, a name and password in it, a denied address.
 */
export async function checkTarget(text: string, guard: AddressGuard): Promise<string> {
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw refuse('It must hold no user name and no password.');
  try {
    guard.refuseLiteral(url);
    await resolve(url.hostname, guard);
  } catch (error) {
    if (error instanceof AddressDenied) throw refuse(error.message);
    // A name that cannot be resolved just now may be later.
  }
  if (url.protocol !== 'https:' && !guard.allowsByName(url)) {
    throw refuse('Use https; http is for targets that GANGLION_OUTBOUND_ALLOW names by their address.');
  }
  return url.href;
}

function resolve(host: string, guard: AddressGuard): Promise<void> {
  return new Promise((done, fail) => {
    guard.lookup(host.replace(/^\[|\]$/g, ''), {}, (error) => (error ? fail(error) : done()));
  });
}

function refuse(detail: string): ServiceError {
  return new ServiceError('invalid_input', detail, { errors: [{ pointer: '/url', detail }] });
}
