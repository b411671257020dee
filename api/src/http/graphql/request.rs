//! What a client sent, read strictly: one operation, each member of its own type.

use async_graphql::Variables;
use axum::{extract::Query, http::Uri};
use serde_json::{Map, Value};

use super::tokens;
use crate::http::problem::{Code, Problem};

/// One operation as it was asked for. `extensions` is checked and dropped: nothing here uses any.
#[derive(Debug)]
pub(super) struct Asked {
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Variables,
}

impl Asked {
    /// From the body of a POST.
    pub(super) fn from_json(bytes: &[u8], nesting_max: usize) -> Result<Self, Problem> {
        check_nesting(bytes, nesting_max)?;
        let value = serde_json::from_slice(bytes)
            .map_err(|error| malformed(format!("The body is not JSON: {error}.")))?;
        match value {
            Value::Object(members) => Self::from_members(members),
            Value::Array(_) => Err(Problem::new(
                Code::BatchNotSupported,
                "Send one operation a request; HTTP carries several requests at once.",
            )),
            _ => Err(malformed("The body must be a JSON object.")),
        }
    }

    /// From the query string of a GET.
    pub(super) fn from_uri(uri: &Uri, nesting_max: usize) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| malformed("The query string cannot be read."))?;
        let mut members = Map::new();
        for (name, text) in pairs {
            let value = match name.as_str() {
                "query" | "operationName" => Value::String(text),
                "variables" | "extensions" => {
                    check_nesting(text.as_bytes(), nesting_max)?;
                    serde_json::from_str(&text)
                        .map_err(|_| malformed(format!("`{name}` is not JSON.")))?
                }
                _ => continue,
            };
            if members.insert(name.clone(), value).is_some() {
                return Err(malformed(format!("`{name}` stands there twice.")));
            }
        }
        Self::from_members(members)
    }

    /// From an object that was already read, as connections carry it.
    pub(super) fn from_members(mut members: Map<String, Value>) -> Result<Self, Problem> {
        let query = match members.remove("query") {
            Some(Value::String(query)) => query,
            Some(_) => return Err(malformed("`query` must be a string.")),
            None => return Err(malformed("`query` is missing.")),
        };
        let operation_name = match members.remove("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err(malformed("`operationName` must be a string.")),
        };
        let variables = object(
            members.remove("variables"),
            "`variables` must be an object.",
        )?;
        object(
            members.remove("extensions"),
            "`extensions` must be an object.",
        )?;
        Ok(Self {
            query,
            operation_name,
            variables: Variables::from_json(Value::Object(variables)),
        })
    }
}

/// Refuses JSON that is nested deeper than any variable needs, before it is read into the depth.
pub(super) fn check_nesting(bytes: &[u8], nesting_max: usize) -> Result<(), Problem> {
    if tokens::json_nesting(bytes) > nesting_max {
        let detail = format!("At most {nesting_max} brackets inside each other.");
        return Err(Problem::new(Code::VariablesTooDeep, detail));
    }
    Ok(())
}

fn object(value: Option<Value>, otherwise: &'static str) -> Result<Map<String, Value>, Problem> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(malformed(otherwise)),
    }
}

fn malformed(detail: impl Into<std::borrow::Cow<'static, str>>) -> Problem {
    Problem::new(Code::Malformed, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> String {
        let problem = Asked::from_json(body.as_bytes(), 32).unwrap_err();
        problem.code().to_owned()
    }

    #[test]
    fn one_operation_is_read_and_everything_else_is_named() {
        let body = r#"{"query":"{a}","operationName":null,"variables":{"n":1},"extensions":{}}"#;
        let asked = Asked::from_json(body.as_bytes(), 32).unwrap();
        assert_eq!(asked.query, "{a}");
        assert_eq!(asked.variables.len(), 1);
        assert_eq!(code("[{\"query\":\"{a}\"}]"), "batch_not_supported");
        assert_eq!(code("{\"query\":"), "malformed");
        assert_eq!(code("\"{a}\""), "malformed");
        assert_eq!(code("{\"query\":1}"), "malformed");
        assert_eq!(code("{\"query\":\"{a}\",\"variables\":[]}"), "malformed");
        assert_eq!(code(""), "malformed");
    }

    #[test]
    fn deep_variables_are_refused_before_they_are_read() {
        let deep = format!(
            "{{\"query\":\"{{a}}\",\"variables\":{}",
            "[".repeat(100_000)
        );
        assert_eq!(code(&deep), "variables_too_deep");
    }

    #[test]
    fn a_query_string_says_each_thing_once() {
        let uri = "/graphql?query=%7Ba%7D&variables=%7B%22n%22%3A1%7D&other=x"
            .parse()
            .unwrap();
        assert_eq!(Asked::from_uri(&uri, 32).unwrap().variables.len(), 1);
        let uri = "/graphql?query=%7Ba%7D&query=%7Bb%7D".parse().unwrap();
        assert!(Asked::from_uri(&uri, 32).is_err());
        let uri = "/graphql".parse().unwrap();
        assert!(Asked::from_uri(&uri, 32).is_err());
    }
}
