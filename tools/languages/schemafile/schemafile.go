// Package schemafile reads the schema of the native provider.
package schemafile

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// Read reads a schema, which is of this version.
func Read(path, version string) (spec schema.PackageSpec, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return spec, err
	}
	err = json.Unmarshal(text, &spec)
	spec.Version = version
	return spec, err
}

// Bind gives the package of a schema.
func Bind(spec schema.PackageSpec) (*schema.Package, error) {
	pkg, problems, err := schema.BindSpec(spec, Only{}, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if problems.HasErrors() {
		return nil, problems
	}
	return pkg, nil
}

// Only loads the package itself: it refers to no other.
type Only struct{ Package *schema.Package }

// LoadPackage is of schema.ReferenceLoader.
func (l Only) LoadPackage(name string, _ *semver.Version) (*schema.Package, error) {
	if l.Package == nil || name != l.Package.Name {
		return nil, fmt.Errorf("the schema refers to the package %s", name)
	}
	return l.Package, nil
}

// LoadPackageV2 is of schema.ReferenceLoader.
func (l Only) LoadPackageV2(_ context.Context, d *schema.PackageDescriptor) (*schema.Package, error) {
	return l.LoadPackage(d.Name, d.Version)
}

// LoadPackageReference is of schema.ReferenceLoader.
func (l Only) LoadPackageReference(name string, v *semver.Version) (schema.PackageReference, error) {
	pkg, err := l.LoadPackage(name, v)
	if err != nil {
		return nil, err
	}
	return pkg.Reference(), nil
}

// LoadPackageReferenceV2 is of schema.ReferenceLoader.
func (l Only) LoadPackageReferenceV2(
	_ context.Context, d *schema.PackageDescriptor,
) (schema.PackageReference, error) {
	return l.LoadPackageReference(d.Name, d.Version)
}
