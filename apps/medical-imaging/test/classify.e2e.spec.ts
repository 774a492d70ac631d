import { crc32 } from 'node:zlib';
import type { Answer, Answers } from '@ganglion/contracts/answer';
import type { OutputOf } from '@ganglion/contracts/capability';
import { classify, filmErrors } from '@ganglion/contracts/services/medical-imaging/classify';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import {
  LedgerInMemory,
  refusalOf,
  startServers,
  testService,
  type TestServers,
  type TestService,
} from '@ganglion/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { DicomFixture } from '../../../libs/tensor/src/dicom/dicom.fixture.js';
import { ClassifyHandler } from '../src/classify/classify.handler.js';
import { FilmReader } from '../src/classify/film-reader.js';
import { golden } from '../src/classify/golden.fixture.js';
import { SETTINGS } from '../src/config.js';
import { chestDicom, chestPicture, PATIENT } from './film.fixture.js';

type Classified = Answer<OutputOf<typeof classify>>;

let servers: TestServers;
let service: TestService;
let ledger: TestService | undefined;

beforeAll(async () => {
  servers = await startServers();
  const { environment } = servers;
  ledger = await testService({ name: 'control-plane', controllers: [LedgerInMemory], environment });
  service = await testService({
    name: 'medical-imaging',
    imports: [ModelModule.of(new URL('..', import.meta.url), process.env)],
    controllers: [ClassifyHandler],
    providers: [FilmReader, { provide: SETTINGS, useValue: { maxReaders: 2 } }],
    environment,
  });
}, 60_000);

afterAll(async () => {
  await service?.stop();
  await ledger?.stop();
  await servers?.stop();
});

const call = async (bytes: Uint8Array, options: object = {}, type = 'application/octet-stream') =>
  (await service.call(classify, { film: { type, bytes }, ...options })) as unknown as Classified;

const chestWith = (elements: DicomFixture['elements'] = {}) => chestDicom({ elements });

describe('classify', () => {
  it.each(golden.cases)('says of $name what the reference says', async ({ file, probability }) => {
    const { output, model } = await call(Buffer.from(file, 'base64'));
    expect(model).toEqual({ id: 'pneumonia-cnn', version: '1.0.0' });
    expect(output.findings).toHaveLength(1);
    expect(output.findings[0]?.label).toBe('pneumonia');
    expect(Math.abs((output.findings[0]?.probability ?? NaN) - probability)).toBeLessThan(0.01);
    expect(output).toMatchObject({ reviewRequired: true, prevalence: 0.742 });
  });

  it('says the same of the same film as DICOM and as PNG, and what it was', async () => {
    const [dicom, png] = [await call(chestDicom()), await call(await chestPicture().png().toBuffer())];
    const [a, b] = [dicom, png].map(({ output }) => output.findings[0]?.probability ?? NaN) as [
      number,
      number,
    ];
    expect(Math.abs(a - b)).toBeLessThan(0.02);
    const size = { width: 120, height: 150 };
    expect(dicom.output.film).toEqual({
      format: 'dicom',
      ...size,
      modality: 'DX',
      bodyPart: 'CHEST',
      view: 'PA',
    });
    expect(png.output.film).toEqual({ format: 'png', ...size });
    expect(png.warnings[0]).toContain('120 x 150 pixels was cut to its middle 120 x 120');
  });

  it('turns MONOCHROME1 round', async () => {
    const inverted = { '00280004': ['CS', 'MONOCHROME1'] } as const;
    const error = await refusalOf(call(chestWith(inverted)));
    // The painting has lungs dark as stored, so turned round it is no chest any more.
    expect(error).toMatchObject({ code: filmErrors.not_a_chest_film.code });
    expect(error.message).toContain('lungs dark');
  });

  it('moves the probability, and never the call, by a prevalence that is sent', async () => {
    const film = await chestPicture().png().toBuffer();
    const [usual, rare] = [await call(film), await call(film, { prevalence: 0.02 })];
    const [a, b] = [usual, rare].map(({ output }) => output.findings[0]);
    expect(b?.probability).toBeLessThan(a?.probability ?? 0);
    expect(b?.threshold).toBeLessThan(a?.threshold ?? 0);
    expect(b?.positive).toBe(a?.positive);
    expect(usual.warnings.at(-1)).toContain('"prevalence"');
    expect(rare.warnings.join()).not.toContain('prevalence');
  });

  it('keeps the patient out of the answer and of the ledger, where it is before it is answered', async () => {
    const answer = await call(chestDicom());
    const record = LedgerInMemory.recorded.find(({ id }) => id === answer.id);
    expect(record).toMatchObject({ output: answer.output });
    for (const secret of PATIENT) {
      expect(JSON.stringify(answer)).not.toContain(secret);
      expect(JSON.stringify(LedgerInMemory.recorded)).not.toContain(secret);
    }
  });

  it('keeps the patient out of a refusal too', async () => {
    const error = await refusalOf(call(chestWith({ '00080060': ['CS', 'CT'] })));
    for (const secret of PATIENT)
      expect(JSON.stringify({ ...error, message: error.message })).not.toContain(secret);
  });

  it('answers many films in order, and a broken one spoils none', async () => {
    const film = (bytes: Uint8Array) => ({ film: { type: 'application/dicom', bytes } });
    const inputs = [film(chestDicom()), film(chestDicom().subarray(0, 900)), film(chestDicom())];
    const { results } = (await service.call(classify, { inputs } as never)) as unknown as Answers;
    const right = { output: { reviewRequired: true } };
    expect(results).toMatchObject([
      right,
      { error: { code: filmErrors.damaged_film.code, status: 422 } },
      right,
    ]);
  });
});

describe('a film that cannot be used', () => {
  const notSupported = { code: 'unsupported_media_type', status: 415 };
  const wrong = filmErrors;
  const text = (content: string) => () => Buffer.from(content, 'latin1');
  const dicomWith = (elements: DicomFixture['elements']) => () => chestWith(elements);
  const picture = (width: number, height: number) => () => chestPicture(width, height).png().toBuffer();
  const plain = (background: string) => () =>
    sharp({ create: { width: 300, height: 300, channels: 3, background } })
      .png()
      .toBuffer();

  it.each([
    { what: 'no bytes', file: text(''), error: { code: 'invalid_input', status: 422 }, says: 'empty' },
    {
      what: 'text',
      file: text('Dear Sir or Madam,'),
      error: notSupported,
      says: 'a DICOM file, a PNG or a JPEG',
    },
    {
      what: 'an SVG',
      file: text('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      error: notSupported,
      says: 'an SVG',
    },
    {
      what: 'a WebP',
      file: () => chestPicture().webp().toBuffer(),
      error: notSupported,
      says: 'a WebP: send a DICOM',
    },
    { what: 'one pixel', file: picture(1, 1), error: wrong.film_too_small, says: '1 x 1' },
    { what: 'a line', file: picture(400, 40), error: wrong.not_a_chest_film, says: 'so long' },
    {
      what: 'black',
      file: plain('#000000'),
      error: wrong.blank_film,
      says: 'one shade',
    },
    {
      what: 'a black DICOM film',
      file: dicomWith({ '7fe00010': ['OW', new Uint8Array(36_000)] }),
      error: wrong.blank_film,
      says: 'one shade',
    },
    { what: 'a picture in colours', file: plain('#c06030'), error: wrong.not_a_chest_film, says: 'colours' },
    {
      what: 'a negative',
      file: () => chestPicture().negate().png().toBuffer(),
      error: wrong.not_a_chest_film,
      says: 'lungs dark',
    },
    { what: 'a bomb', file: bomb, error: wrong.too_many_pixels, says: '20000 x 20000' },
    {
      what: 'CT',
      file: dicomWith({ '00080060': ['CS', 'CT'] }),
      error: wrong.not_a_chest_film,
      says: 'CT: what is taken is CR, DX',
    },
    {
      what: 'a foot',
      file: dicomWith({ '00180015': ['CS', 'FOOT'] }),
      error: wrong.not_a_chest_film,
      says: 'FOOT',
    },
    {
      what: 'a side view',
      file: dicomWith({ '00185101': ['CS', 'LL'] }),
      error: wrong.not_a_chest_film,
      says: 'PA or AP',
    },
    {
      what: 'colour DICOM',
      file: dicomWith({ '00280002': ['US', 3], '00280004': ['CS', 'RGB'] }),
      error: wrong.unsupported_film,
      says: 'RGB',
    },
    {
      what: 'a report',
      file: dicomWith({ '7fe00010': undefined }),
      error: wrong.no_picture,
      says: 'no picture',
    },
    {
      what: 'lying rows',
      file: dicomWith({ '00280010': ['US', 151] }),
      error: wrong.damaged_film,
      says: 'cut short or broken',
    },
    {
      what: 'lying rows by far',
      file: dicomWith({ '00280010': ['US', 65_535], '00280011': ['US', 65_535] }),
      error: wrong.too_many_pixels,
      says: '32 million',
    },
    {
      what: 'JPEG-LS',
      file: () => chestDicom({ transferSyntax: '1.2.840.10008.1.2.4.80' }),
      error: wrong.unsupported_film,
      says: 'JPEG-LS',
    },
    {
      what: 'a false JPEG 2000',
      file: () => chestDicom({ transferSyntax: '1.2.840.10008.1.2.4.90' }),
      error: wrong.damaged_film,
      says: 'broken',
    },
  ])('$what is refused', async ({ file, error: { code, status }, says }) => {
    const error = await refusalOf(call(await file()));
    expect(error.code).toBe(code);
    expect(error.spec.status).toBe(status);
    expect(error.message).toContain(says);
  });

  it('text that is said to be DICOM is told how DICOM begins', async () => {
    const error = await refusalOf(call(Buffer.from('Dear Sir'.repeat(40)), {}, 'application/dicom'));
    expect(error).toMatchObject({ code: 'unsupported_media_type' });
    expect(error.message).toContain('DICM');
  });

  it('a prevalence that is none is refused, with its place', async () => {
    const error = await refusalOf(call(chestDicom(), { prevalence: 1 }));
    expect(error).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '/prevalence' }] });
  });

  it('a film that is cut short anywhere is refused, never a fault of ours', async () => {
    const film = chestDicom();
    const lengths = [1, 131, 132, 140, 200, 300, 400, 500, 600, 700, 5_000, film.length - 1];
    for (const length of lengths) {
      const error = await refusalOf(call(film.subarray(0, length)));
      expect([length, error.spec.status]).toEqual([length, expect.any(Number)]);
      expect(error.spec.status).toBeLessThan(500);
    }
  }, 60_000);

  it('leaves the service at work', async () => {
    expect((await call(chestDicom())).output.reviewRequired).toBe(true);
  });
});

describe('with the ledger away', () => {
  it('withholds the answer', async () => {
    await ledger?.stop();
    ledger = undefined;
    const error = await refusalOf(call(chestDicom()));
    expect(error).toMatchObject({ code: 'ledger_unavailable', spec: { status: 503 } });
  });
});

/** A PNG whose header promises 400 million pixels. */
async function bomb(): Promise<Buffer> {
  const png = await chestPicture().png().toBuffer();
  png.writeUInt32BE(20_000, 16);
  png.writeUInt32BE(20_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}
