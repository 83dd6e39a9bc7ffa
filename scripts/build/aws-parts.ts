import { Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';

/** Files below `deploy/aws/`, by name. */
export type AwsParts = Readonly<Record<'produce.yml' | 'table.yml', string>>;

/**
 * Makes the parts of the deployed system that stand in `serverless.yml` itself, the function of the route and the table,
 * into files that the `serverless.yml` of another repository can include. Comments and CloudFormation's tags are kept.
 * @param text of `serverless.yml`
 * @throws Error that names the part which is missing
 */
export function awsParts(text: string): AwsParts {
  const document = parseDocument(text, { logLevel: 'error' }); // CloudFormation's tags are unknown to it
  return {
    'produce.yml': written('The function behind the route', piece(document, 'functions', ['produce'])),
    'table.yml': written('The table', piece(document, 'resources', ['Resources', 'Table'])),
  };
}

/** Finds the one of the maps below a key that has the path. */
function piece(document: Document, key: string, path: readonly string[]): YAMLMap {
  const list = document.get(key);
  const maps = isSeq(list) ? list.items : [list];
  const found = maps.find((map): map is YAMLMap => isMap(map) && map.hasIn(path));
  if (found === undefined) throw new Error(`serverless.yml has no ${path.join('.')} among its ${key}.`);
  return found;
}

function written(title: string, map: YAMLMap): string {
  const document = new Document();
  document.contents = map;
  document.commentBefore = ` ${title}, for serverless.yml to include. Made from KooGate's own.`;
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}
