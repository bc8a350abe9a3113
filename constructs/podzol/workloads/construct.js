// Runs in the Node process that jsii starts: makes a construct with all its objects, in one call from Python.
'use strict';

const { ApiObject } = require('cdk8s');
const { Construct } = require('constructs');

class Workload extends Construct {
  // manifests: JSON text, id of the child to manifest; the child called defaultChild gives the construct its name.
  constructor(scope, id, manifests, defaultChild) {
    super(scope, id);
    for (const [childId, manifest] of Object.entries(JSON.parse(manifests))) {
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
