//! Verifies the Helm chart in `deploy/helm/`: its objects, values and versions.

mod chart;
mod documents;
mod network;
mod objects;
mod values;
