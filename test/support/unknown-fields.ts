import * as models from '@kubernetes/client-node';

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}
type Model = { getAttributeTypeMap(): readonly Attribute[] };

/**
 * Every field of a Kubernetes object that the API does not know, and every value of the wrong kind, with its path:
 * `kubectl apply` would drop or refuse it (facts.md, Runtime 7). The type is client-node's: `V1Deployment`.
 */
export function listUnknownFields(value: unknown, type: string, path = type): string[] {
  const nullable = type.replace(/ \| (?:null|undefined)$/u, '');
  if (nullable !== type) return value === null ? [] : listUnknownFields(value, nullable, path);
  const element = /^Array<(.+)>$/u.exec(type)?.[1];
  if (element) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, index) => listUnknownFields(item, element, `${path}[${index}]`));
  }
  const entry = /^\{ \[key: string\]: (.+); \}$/u.exec(type)?.[1];
  if (entry) {
    if (!isObject(value)) return [`${path} is no map`];
    return Object.entries(value).flatMap(([key, item]) => listUnknownFields(item, entry, `${path}.${key}`));
  }
  if (type === 'any') return [];
  if (type === 'IntOrString')
    return ['number', 'string'].includes(typeof value) ? [] : [`${path} is no number or text`];
  if (type === 'Date') return typeof value === 'string' ? [] : [`${path} is no time`];
  if (['string', 'number', 'boolean'].includes(type)) return typeof value === type ? [] : [`${path} is no ${type}`];

  const attributes = modelOf(type).getAttributeTypeMap();
  if (!isObject(value)) return [`${path} is no object`];
  return Object.entries(value).flatMap(([key, item]) => {
    const attribute = attributes.find(({ baseName }) => baseName === key);
    return attribute ? listUnknownFields(item, attribute.type, `${path}.${key}`) : [`${path}.${key} is unknown`];
  });
}

function modelOf(type: string): Model {
  const model = (models as unknown as Readonly<Record<string, Model | undefined>>)[type];
  if (!model) throw new Error(`client-node has no model ${type}`);
  return model;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
