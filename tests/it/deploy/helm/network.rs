//! References between the objects of the chart, and their network policies.

use serde_norway::Value;

use super::chart::{Objects, each, everything, list, sqlite, text, with};

/// Returns whether labels have all pairs of a selector, which is not empty.
fn selects(selector: &Value, labels: &Value) -> bool {
    let pairs = selector.as_mapping().unwrap();
    assert!(!pairs.is_empty());
    pairs.iter().all(|(name, value)| labels.get(name) == Some(value))
}

#[test]
fn selectors_match_only_their_pods() {
    let objects = Objects::render(&everything());
    let [service, migration] = ["Deployment/meetvo", "Job/meetvo-migrate"]
        .map(|name| &objects.one(name)["spec"]["template"]);
    let spread = &service["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"];
    for selector in [
        spread,
        &objects.one("Deployment/meetvo")["spec"]["selector"]["matchLabels"],
        &objects.one("Service/meetvo")["spec"]["selector"],
        &objects.one("PodDisruptionBudget/meetvo")["spec"]["selector"]["matchLabels"],
        &objects.one("NetworkPolicy/meetvo")["spec"]["podSelector"]["matchLabels"],
    ] {
        assert!(selects(selector, &service["metadata"]["labels"]), "{selector:?}");
        assert!(!selects(selector, &migration["metadata"]["labels"]), "{selector:?}");
    }
    let policy = objects.one("NetworkPolicy/meetvo-migrate");
    let selector = &policy["spec"]["podSelector"]["matchLabels"];
    assert!(selects(selector, &migration["metadata"]["labels"]));
    assert!(!selects(selector, &service["metadata"]["labels"]));
}

#[test]
fn references_name_existing_objects() {
    let objects = Objects::render(&everything());
    let scaled = &objects.one("HorizontalPodAutoscaler/meetvo")["spec"]["scaleTargetRef"];
    let scaled = format!("{}/{}", text(&scaled["kind"]), text(&scaled["name"]));
    let deployment = objects.one(&scaled);
    assert_eq!(deployment["spec"].get("replicas"), None, "the autoscaler sets the number");
    let pod = &deployment["spec"]["template"]["spec"];
    objects.one(&format!("ServiceAccount/{}", text(&pod["serviceAccountName"])));

    let service = objects.one("Service/meetvo");
    let [port] = list(&service["spec"]["ports"]) else { panic!("expected one port") };
    assert_eq!(port["targetPort"], pod["containers"][0]["ports"][0]["name"]);
    let rule = &objects.one("Ingress/meetvo")["spec"]["rules"][0];
    let backend = &rule["http"]["paths"][0]["backend"]["service"];
    assert_eq!(backend["name"], service["metadata"]["name"]);
    assert_eq!(backend["port"]["name"], port["name"]);
    let tls = &objects.one("Ingress/meetvo")["spec"]["tls"][0];
    assert_eq!((&tls["hosts"][0], text(&tls["secretName"])), (&rule["host"], "sync-tls"));

    let monitor = &objects.one("ServiceMonitor/meetvo")["spec"];
    assert!(selects(&monitor["selector"]["matchLabels"], &service["metadata"]["labels"]));
    let endpoint = &monitor["endpoints"][0];
    assert_eq!((&endpoint["port"], text(&endpoint["path"])), (&port["name"], "/metrics"));
    let key = &endpoint["authorization"]["credentials"];
    assert_eq!((text(&key["name"]), text(&key["key"])), ("metrics", "key"));
    // The alert rules select this job.
    let job = &endpoint["relabelings"][0];
    assert_eq!((text(&job["targetLabel"]), text(&job["replacement"])), ("job", "meetvo"));
}

/// Returns the ports of all egress rules of a policy.
fn egress_ports(policy: &Value) -> Vec<u64> {
    let rules = list(&policy["spec"]["egress"]).iter();
    let ports = rules.flat_map(|rule| list(&rule["ports"]));
    ports.map(|port| port["port"].as_u64().unwrap()).collect()
}

#[test]
fn network_policies_allow_only_needed_connections() {
    let objects = Objects::render(&everything());
    let service = objects.one("NetworkPolicy/meetvo");
    let migration = objects.one("NetworkPolicy/meetvo-migrate");
    for policy in [service, migration] {
        let types: Vec<_> = list(&policy["spec"]["policyTypes"]).iter().map(text).collect();
        assert_eq!(types, ["Ingress", "Egress"]);
        let rules = list(&policy["spec"]["egress"]).iter();
        let database = rules.filter(|rule| rule["ports"][0]["port"] == 5432).collect::<Vec<_>>()[0];
        assert_eq!(database["to"][0]["ipBlock"]["cidr"], "10.0.0.5/32");
    }
    assert_eq!(egress_ports(service), [53, 53, 5432, 3128, 443]);
    assert_eq!(egress_ports(migration), [53, 53, 5432, 3128]);
    assert_eq!(migration["spec"].get("ingress"), None);

    let [ingress] = list(&service["spec"]["ingress"]) else { panic!("expected one rule") };
    assert_eq!(each(&ingress["ports"], "port"), ["http"]);
    let namespaces = &ingress["from"][0]["namespaceSelector"]["matchExpressions"][0];
    assert_eq!(namespaces["key"], "kubernetes.io/metadata.name");
    let names: Vec<_> = list(&namespaces["values"]).iter().map(text).collect();
    assert_eq!(names, ["ingress-nginx", "monitoring"]);

    let clerk = list(&service["spec"]["egress"]).iter().find(|it| it["ports"][0]["port"] == 443);
    let blocks: Vec<_> = list(&clerk.unwrap()["to"]).iter().map(|it| &it["ipBlock"]).collect();
    assert_eq!(
        blocks.iter().map(|it| text(&it["cidr"])).collect::<Vec<_>>(),
        ["0.0.0.0/0", "::/0"]
    );
    for (block, private) in blocks.into_iter().zip(["10.0.0.0/8", "fc00::/7"]) {
        assert!(list(&block["except"]).contains(&private.into()), "{private}");
    }
}

#[test]
fn sqlite_policy_has_no_database_port() {
    let objects = Objects::render(&with(sqlite(), "networkPolicy.enabled", true));
    let policy = objects.one("NetworkPolicy/meetvo");
    assert_eq!(egress_ports(policy), [53, 53, 443]);
    assert_eq!(policy["spec"]["ingress"][0].get("from"), None, "without namespaces, from all");
    assert_eq!(objects.find("NetworkPolicy/meetvo-migrate"), None);
}
