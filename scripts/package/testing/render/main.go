// Renders the Helm chart as Helm does, with what Debian has of it: Go's own templates, the functions of Sprig, and Kubernetes' own types, into
// which every document is read strictly. Helm itself is not in Debian. Needs the packages golang-go, golang-github-masterminds-sprig-dev,
// golang-k8s-api-dev and golang-k8s-sigs-yaml-dev:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go CHART VALUES
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

type object = map[string]interface{}

// kinds says how a document of each kind is read.
var kinds = map[string]func() interface{}{
	"apps/v1 Deployment":                 func() interface{} { return &appsv1.Deployment{} },
	"v1 Service":                         func() interface{} { return &corev1.Service{} },
	"policy/v1 PodDisruptionBudget":      func() interface{} { return &policyv1.PodDisruptionBudget{} },
	"networking.k8s.io/v1 Ingress":       func() interface{} { return &networkingv1.Ingress{} },
	"networking.k8s.io/v1 NetworkPolicy": func() interface{} { return &networkingv1.NetworkPolicy{} },
}

func main() {
	if len(os.Args) != 3 {
		fail("render CHART VALUES")
	}
	rendered, err := render(os.Args[1], os.Args[2])
	if err != nil {
		fail(err)
	}
	for _, document := range strings.Split(rendered, "\n---\n") {
		if err := check(document); err != nil {
			fail(err)
		}
	}
	fmt.Print(rendered)
}

func fail(words ...interface{}) {
	fmt.Fprintln(os.Stderr, words...)
	os.Exit(1)
}

func render(chart, values string) (string, error) {
	meta, err := read(filepath.Join(chart, "Chart.yaml"))
	if err != nil {
		return "", err
	}
	base, err := read(filepath.Join(chart, "values.yaml"))
	if err != nil {
		return "", err
	}
	own, err := read(values)
	if err != nil {
		return "", err
	}
	set := template.New("chart").Option("missingkey=zero")
	set.Funcs(sprig.TxtFuncMap()).Funcs(helmFunctions(set))
	files, _ := filepath.Glob(filepath.Join(chart, "templates", "*"))
	sort.Strings(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		if _, err := set.New(filepath.Base(file)).Parse(string(text)); err != nil {
			return "", err
		}
	}
	data := object{
		"Values":  merge(base, own),
		"Release": object{"Name": "finestreta", "Namespace": "default", "Service": "Helm"},
		"Chart":   object{"Name": meta["name"], "Version": meta["version"], "AppVersion": meta["appVersion"]},
	}
	var documents []string
	for _, file := range files {
		name := filepath.Base(file)
		var out bytes.Buffer
		if strings.HasPrefix(name, "_") {
			continue
		}
		if err := set.ExecuteTemplate(&out, name, data); err != nil {
			return "", err
		}
		if filepath.Ext(name) == ".yaml" {
			text := strings.ReplaceAll(out.String(), "<no value>", "")
			documents = append(documents, strings.Trim(strings.TrimPrefix(strings.TrimSpace(text), "---"), "\n"))
		}
	}
	return strings.Join(documents, "\n---\n") + "\n", nil
}

// helmFunctions are what Helm has beyond Sprig, as far as the chart uses them.
func helmFunctions(set *template.Template) template.FuncMap {
	return template.FuncMap{
		"include": func(name string, data interface{}) (string, error) {
			var out bytes.Buffer
			err := set.ExecuteTemplate(&out, name, data)
			return out.String(), err
		},
		"toYaml": func(value interface{}) (string, error) {
			text, err := yaml.Marshal(value)
			return strings.TrimSuffix(string(text), "\n"), err
		},
		"required": func(words string, value interface{}) (interface{}, error) {
			if value == nil || value == "" {
				return nil, fmt.Errorf("%s", words)
			}
			return value, nil
		},
	}
}

func read(file string) (object, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	found := object{}
	return found, yaml.UnmarshalStrict(text, &found)
}

func merge(base, own object) object {
	merged := object{}
	for key, value := range base {
		merged[key] = value
	}
	for key, value := range own {
		below, isBelow := merged[key].(object)
		above, isAbove := value.(object)
		if isBelow && isAbove {
			merged[key] = merge(below, above)
		} else {
			merged[key] = value
		}
	}
	return merged
}

// check reads a document strictly as what it says to be: a name that Kubernetes doesn't know is an error, and so is one that is there twice.
func check(document string) error {
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := yaml.Unmarshal([]byte(document), &head); err != nil {
		return fmt.Errorf("%w in:\n%s", err, document)
	}
	made, isKnown := kinds[head.APIVersion+" "+head.Kind]
	if !isKnown {
		return fmt.Errorf("no type is known for %s %s", head.APIVersion, head.Kind)
	}
	if err := yaml.UnmarshalStrict([]byte(document), made()); err != nil {
		return fmt.Errorf("%s: %w in:\n%s", head.Kind, err, document)
	}
	return nil
}
