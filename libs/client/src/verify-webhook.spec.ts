import { describe, expect, it } from '@jest/globals';
import { verifyWebhook } from './verify-webhook.js';

/** The example of Standard Webhooks' reference libraries. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const BODY = '{"test": 2432232314}';
const HEADERS = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const now = new Date(1_614_265_330_000);

describe('verifyWebhook', () => {
  it('takes the example of the standard', async () => {
    expect(await verifyWebhook(BODY, HEADERS, SECRET, { now })).toEqual({ test: 2432232314 });
  });

  it('takes a message that one of several secrets signed', async () => {
    const headers = { ...HEADERS, 'webhook-signature': `v1,AAAA v1a,x ${HEADERS['webhook-signature']}` };
    expect(await verifyWebhook(BODY, headers, SECRET, { now })).toEqual({ test: 2432232314 });
  });

  it.each([
    ['another body', `${BODY} `, HEADERS, SECRET, 0],
    ['another id', BODY, { ...HEADERS, 'webhook-id': 'msg_other' }, SECRET, 0],
    ['another secret', BODY, HEADERS, 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 0],
    ['a secret that is none', BODY, HEADERS, 'whsec_?', 0],
    ['a message sent again later', BODY, HEADERS, SECRET, 301_000],
    ['a message of the future', BODY, HEADERS, SECRET, -301_000],
    ['no time', BODY, { ...HEADERS, 'webhook-timestamp': 'soon' }, SECRET, 0],
    ['no signature', BODY, { ...HEADERS, 'webhook-signature': undefined }, SECRET, 0],
    ['a signature that is no base64', BODY, { ...HEADERS, 'webhook-signature': 'v1,?' }, SECRET, 0],
  ])('refuses %s', async (...[, body, headers, secret, laterMs]) => {
    const later = new Date(now.getTime() + laterMs);
    await expect(verifyWebhook(body, headers, secret, { now: later })).rejects.toMatchObject({
      name: 'WebhookVerificationError',
    });
  });
});
