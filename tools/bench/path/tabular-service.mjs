/**
 * A service of one capability with a tiny model, served as every service is: what its calls take is the path's own cost.
 *
 *   node tabular-service.mjs <folder of an app whose models/ has the model's manifest>
 */
import { Handles } from '@ganglion/service-kit/handles';
import { bootstrap } from '@ganglion/service-kit/bootstrap';
import { ModelModule } from '@ganglion/service-kit/model/model.module';
import { ModelSlots } from '@ganglion/service-kit/model/model-slots';
import { tensor } from '@ganglion/tensor';
import { Controller, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { pathToFileURL } from 'node:url';
import { tabular } from './tabular.contract.mjs';

class TabularHandler {
  constructor(/** @type {ModelSlots} */ slots) {
    this.slot = slots.open('bench/tabular', (model) => model);
  }

  score(/** @type {{ features: number[] }} */ { features }, /** @type {any} */ context) {
    return this.slot.use(context, async (model) => {
      const row = tensor('float32', [1, features.length], Float32Array.from(features));
      const { inputs, outputs } = model.manifest;
      const answer = await model.run({ [inputs[0]?.name ?? '']: row }, context);
      return { model: model.version, output: { score: Number(answer[outputs[0]?.name ?? '']?.data[0]) } };
    });
  }
}

// This file is plain JavaScript: the decorators are applied by hand.
const method = Object.getOwnPropertyDescriptor(TabularHandler.prototype, 'score');
Handles(tabular)(TabularHandler.prototype, 'score', /** @type {PropertyDescriptor} */ (method));
Payload()(TabularHandler.prototype, 'score', 0);
Ctx()(TabularHandler.prototype, 'score', 1);
Reflect.defineMetadata('design:paramtypes', [ModelSlots], TabularHandler);
Controller()(TabularHandler);

class BenchModule {}
const folder = pathToFileURL(`${process.argv[2]}/`);
Module({ imports: [ModelModule.of(folder)], controllers: [TabularHandler] })(BenchModule);

await bootstrap({ name: 'bench', version: '0.0.0', summary: 'A tiny model.', module: BenchModule });
