import { badRequest, noSuchResource, notFound } from '../refusals.ts';
import { deleteCollection, deleteOne } from './delete.ts';
import { type Answer, type Call, methodNotAllowed, ok } from './exchange.ts';
import { list } from './list.ts';
import { negotiate, type Shape } from './negotiate.ts';
import { bind, evict, readLog } from './pod-parts.ts';
import { representObject } from './represent.ts';
import { isWatch } from './route.ts';
import { scale } from './scale.ts';
import { watch } from './watch.ts';
import { create, patch, replace } from './write.ts';

/** One request for a resource. Throws StatusError for what is refused. */
export async function answerCall(call: Call): Promise<Answer> {
  const shape = negotiate(call.headers.accept);
  const { subresource, name } = call.route;
  if (name === null) return answerCollection(call, shape);
  return subresource === null ? answerObject(call, shape) : answerPart(call, shape, subresource);
}

async function answerCollection(call: Call, shape: Shape): Promise<Answer> {
  switch (call.method) {
    case 'GET':
      return isWatch(call.query) ? watch(call, shape) : await list(call, shape);
    case 'POST':
      return create(call, shape);
    case 'DELETE':
      return deleteCollection(call, shape);
    default:
      throw methodNotAllowed();
  }
}

function answerObject(call: Call, shape: Shape): Answer {
  switch (call.method) {
    case 'GET':
      return isWatch(call.query) ? watch(call, shape) : read(call, shape);
    case 'PUT':
      return replace(call, shape);
    case 'PATCH':
      return patch(call, shape);
    case 'DELETE':
      return deleteOne(call, shape);
    default:
      throw methodNotAllowed();
  }
}

function answerPart(call: Call, shape: Shape, part: string): Answer {
  const { method, type } = call;
  if (part === 'exec' && type.plural === 'pods') throw badRequest('Upgrade request required');
  if (!(type.subresources ?? []).some((served) => served === part)) throw noSuchResource();
  const isWrite = method === 'PUT' || method === 'PATCH';
  if (part === 'scale') return scale(call);
  if (part === 'binding' && method === 'POST') return bind(call);
  if (part === 'eviction' && method === 'POST') return evict(call);
  if (part === 'log' && method === 'GET') return readLog(call);
  if (part === 'status' && method === 'GET') return read(call, shape);
  if ((part === 'status' && isWrite) || (part === 'finalize' && method === 'PUT'))
    return method === 'PUT' ? replace(call, shape) : patch(call, shape);
  throw methodNotAllowed();
}

function read({ world, type, route }: Call, shape: Shape): Answer {
  const name = route.name ?? '';
  const object = world.api.get(type, route.namespace, name);
  if (object === null) throw notFound(type, name);
  return ok(representObject(type, object, shape, world.clock.now()));
}
