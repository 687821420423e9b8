//! The agencies' API as OpenAPI 3.1. The bodies follow from the wire formats' own types.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::agency::TicketView;
use crate::agency_api::{
    Bulk, BulkAnswer, MONTH_PATTERN, PingAnswer, Problem, ReportList, TicketList, Update, WholeTicket,
};

/// The document, as it is checked in.
pub fn agency_updates() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let paths = paths(&mut schemas);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Kemala: the agencies' API",
            "version": "1",
            "description": "Agencies read the tickets in their hands and say what they do with them. The queue is the bell, \
                this API the truth. Requests are signed with the keys of the agency's own role (SigV4, service execute-api).",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "https://{api}.execute-api.ap-southeast-3.amazonaws.com",
            "variables": { "api": { "default": "api", "description": "Output AgencyApiId of the stack" } } }],
        "security": [{ "sigv4": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "sigv4": {
                "type": "apiKey", "name": "Authorization", "in": "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
                "description": "AWS Signature Version 4 by the agency's role",
            } },
            "schemas": Value::Object(schemas.take_definitions(true)),
        },
    })
}

fn paths(schemas: &mut SchemaGenerator) -> Value {
    let code = parameter(
        "code",
        "path",
        "The agency: your own code",
        json!({ "type": "string", "pattern": "^[A-Z0-9]{1,32}$" }),
    );
    let id = parameter(
        "id",
        "path",
        "The ticket's number",
        json!({ "type": "string", "pattern": "^[A-Z]{1,8}-[0-9A-Z]{9}$" }),
    );
    let key = parameter(
        "Idempotency-Key",
        "header",
        "New for each action: a repeat with the same key and body is done once, and gets the first answer",
        json!({ "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$" }),
    );
    let ping = parameter(
        "ping",
        "path",
        "`id` of the ping in your queue",
        json!({ "type": "string", "pattern": "^[a-z0-9-]{1,64}$" }),
    );
    let month = parameter("month", "path", "The month", json!({ "type": "string", "pattern": MONTH_PATTERN }));
    let format = json!({ "name": "format", "in": "query", "required": false,
        "description": "csv for spreadsheets, json for programs, html to print, txt to read in a mail",
        "schema": { "type": "string", "enum": ["csv", "json", "html", "txt"], "default": "json" } });
    let state = json!({ "name": "state", "in": "query", "required": false,
        "description": "open: all that have not ended; due: something comes within 24 hours; late: a promise is broken and not kept",
        "schema": { "type": "string", "enum": ["open", "due", "late"], "default": "open" } });
    let limit = json!({ "name": "limit", "in": "query", "required": false, "description": "Most tickets on the page",
        "schema": { "type": "integer", "minimum": 1, "maximum": 100, "default": 50 } });
    let after = json!({ "name": "after", "in": "query", "required": false,
        "description": "`next` of the page before, as it was", "schema": { "type": "string", "pattern": "^[A-Za-z0-9_-]+$" } });
    json!({
        "/agencies/{code}/tickets": { "get": {
            "operationId": "listTickets",
            "summary": "The tickets in your hands, the next deadline first",
            "parameters": [code, state, limit, after],
            "responses": responses::<TicketList>(schemas, &[400]),
        } },
        "/agencies/{code}/tickets/{id}": { "get": {
            "operationId": "getTicket",
            "summary": "One ticket in your hands, with its text, what happened, and what you may do",
            "parameters": [code, id],
            "responses": responses::<WholeTicket>(schemas, &[404]),
        } },
        "/agencies/{code}/tickets/{id}/updates": { "post": {
            "operationId": "updateTicket",
            "summary": "Says what you do with a ticket in your hands",
            "parameters": [code, id, key],
            "requestBody": body::<Update>(schemas),
            "responses": responses::<TicketView>(schemas, &[400, 404, 409, 422]),
        } },
        "/agencies/{code}/bulk": { "post": {
            "operationId": "updateTickets",
            "summary": "Desks only: many updates at once, each for itself",
            "parameters": [code, key],
            "requestBody": body::<Bulk>(schemas),
            "responses": responses::<BulkAnswer>(schemas, &[400, 422]),
        } },
        "/agencies/{code}/pings/{ping}": { "post": {
            "operationId": "acknowledgePing",
            "summary": "Acknowledges the last ping in your queue; a repeat changes nothing",
            "parameters": [code, ping],
            "responses": responses::<PingAnswer>(schemas, &[404]),
        } },
        "/agencies/{code}/reports": { "get": {
            "operationId": "listReports",
            "summary": "Desks only: the months of which there is a report",
            "parameters": [code],
            "responses": responses::<ReportList>(schemas, &[]),
        } },
        "/agencies/{code}/reports/{month}": { "get": {
            "operationId": "getReport",
            "summary": "Desks only: how all agencies did in a month that is over and closed, which is on the third day of the next",
            "parameters": [code, month, format],
            "responses": files(responses::<Value>(schemas, &[400, 404, 406])),
        } },
    })
}

fn parameter(name: &str, place: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": place, "required": true, "description": description, "schema": schema })
}

fn body<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schemas.subschema_for::<T>() } } })
}

/// The same answers, of which the good one is a file.
fn files(mut responses: Value) -> Value {
    let text = json!({ "schema": { "type": "string" } });
    responses["200"]["content"] = json!({
        "application/json": { "schema": { "type": "object", "required": ["first_day", "last_day", "total", "cells"] } },
        "text/csv": text, "text/html": text, "text/plain": text,
    });
    responses
}

/// The answers of a path: the good one, those that every path may give, and its own.
fn responses<T: JsonSchema>(schemas: &mut SchemaGenerator, own: &[u16]) -> Value {
    let good =
        json!({ "description": "Done", "content": { "application/json": { "schema": schemas.subschema_for::<T>() } } });
    let mut all = Map::from_iter([("200".to_owned(), good)]);
    for status in own.iter().chain(&[403, 503]) {
        let description = match status {
            400 => "A parameter or header cannot be used",
            403 => "Not signed by the role of the agency that the path names, or only desks may do this",
            404 => {
                "There is no such ticket in your hands, this is not your last ping, or there is no report of this month"
            }
            406 => "Too large to be sent as it is: call with Accept-Encoding: gzip",
            409 => "Not possible now; `allowed` is",
            422 => "The body does not fit: `errors` says where; or the Idempotency-Key stands for another request",
            _ => "Try again in a moment, with the same Idempotency-Key",
        };
        let mut content = json!({ "application/problem+json": { "schema": schemas.subschema_for::<Problem>() } });
        if *status == 403 {
            // The gateway refuses in a shape of its own what is not signed, or signed by another.
            content["*/*"] = json!({ "schema": { "type": "object" } });
        }
        all.insert(status.to_string(), json!({ "description": description, "content": content }));
    }
    Value::Object(all)
}
