// Runs in the Node process that jsii starts: makes constructs with all their objects, many in one call from Python.
'use strict';

const { ApiObject } = require('cdk8s');
const { Construct } = require('constructs');

class Workload extends Construct {
  // batch: JSON text of a list of [place of the scope in scopes, id, manifests by child id, id of the default child].
  // Gives a construct for each, or the message of what is wrong with it.
  static makeAll(scopes, batch) {
    return JSON.parse(batch).map(([place, id, manifests, defaultChild]) => {
      try {
        return new Workload(scopes[place], id, manifests, defaultChild);
      } catch (error) {
        return error.message;
      }
    });
  }

  constructor(scope, id, manifests, defaultChild) {
    super(scope, id);
    for (const [childId, manifest] of Object.entries(manifests)) {
      const object = new ApiObject(this, childId, manifest);
      // cdk8s puts every object into its chart's namespace, and some belong to none.
      object.metadata.namespace = manifest.metadata.namespace;
    }
    this.node.defaultChild = this.node.tryFindChild(defaultChild);
    // cdk8s-plus reads the name of a claim that it mounts.
    this.name = this.node.defaultChild?.name;
  }
}

exports.Workload = Workload;
